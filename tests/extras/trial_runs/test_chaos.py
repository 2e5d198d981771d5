"""Everything fails once, while a rehearsal runs: no deposit is lost or wrongly marked. At its end
`/readyz` names each process that is dead.

The short form kills one of two processes of each kind, and everything else once. The long ones
(`make test-full`) start every service, most of them twice, and kill each of them whole.
"""

import json
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
import pytest
from django.test import override_settings

from hackathon.extras.trial_runs import background
from hackathon.extras.trial_runs.enums import Part
from tests import services
from tests.extras.trial_runs.night import numbers, rehearsal, rehearse, requests
from tests.operations import compose
from tests.operations.clamd import Clamd, clamd
from tests.operations.faults import Faults
from tests.operations.night import SECOND, WITHIN_SECONDS, Night, first_of
from tests.waiting import wait_until

# Of the requests: those without an answer and those with an error of the server. In the short event
# each failure is a larger part of it.
SHORT_SHARE, LONG_SHARE = 0.25, 0.05
BACKGROUND = ("mail", "worker")
AS_ROOT = "ignore:You're running the worker"  # Celery's, to root: a container has another user
# What fails in a rehearsal with this process dead, at least.
FAILS = {
    "worker": {Part.SEALS, Part.INSPECTIONS, Part.RECEIPTS, Part.AFTER},
    "beat": {Part.SEALS, Part.AFTER},
    "mail": {Part.CODES, Part.AFTER},
    "uploads": {Part.AFTER},
    "live": {Part.LIVE, Part.AFTER},
    "redis": {Part.BEFORE, Part.CODES, Part.AFTER},
}


pytestmark = pytest.mark.system


@pytest.fixture(autouse=True)
def _servers_are_there() -> None:
    if not services.postgres_bin() or not services.redis_bin() or not services.nginx_bin():
        pytest.skip("PostgreSQL, Redis or nginx is not installed")


@dataclass(frozen=True)
class Seen:
    """What people saw, from the report of the rehearsal."""

    text: str

    @property
    def counted(self) -> dict[str, int]:
        return numbers(self.text.strip().splitlines()[-1])

    def assert_nothing_is_lost(self, night: Night, *commands: str) -> None:
        found = self.counted
        assert found["sent"] > 0, self.text
        assert (found["lost"], found["wrong"]) == (0, 0), self.text
        assert found["received"] >= found["sent"], self.text
        for command in commands:
            done = night.manage(command)
            assert done.returncode == 0, done.stdout + done.stderr

    def assert_few_requests_failed(self, share: float) -> None:
        assert self.counted["errors"] <= share * requests(self.text), self.text

    def assert_all_errors_say_try_again(self) -> None:
        found = re.findall(r"^  error: .* (\d+|no answer)$", self.text, re.MULTILINE)
        assert set(found) <= {"502", "503", "504", "no answer"}, self.text


def rows(night: Night, query: LiteralString) -> list[Any]:
    with psycopg.connect(night.env["CCD_DATABASE_URL"], autocommit=True) as database:
        return database.execute(query).fetchall()


INSPECTED = """
    SELECT sha256, health <> 'pending', (
        SELECT count(*) FROM core_livemessage
        WHERE type = 'submission.inspected' AND (data->>'submission')::int = submission_id
    )
    FROM submissions_inspection JOIN submissions_submission s ON s.id = submission_id
"""


def problem(night: Night) -> str:
    """What `/readyz` says over the proxy."""
    return background.ready(Part.BEFORE, night.url, insecure=True).problem


def failed(text: str) -> set[Part]:
    """By the lines of the command. Each has its remedy below it."""
    titles = {title: part for part, title in background.TITLES.items()}
    found = {titles[title] for title in re.findall(r"^  FAILED +(.*)$", text, re.MULTILINE)}
    with override_settings(REDIS_URL="redis://"):  # as the processes have one
        assert all(background.Finding(part).remedy in text for part in found), text
    return found


def assert_not_ready_without_background_work(night: Night) -> None:
    silent = "processes: silent: mail (never started), worker (never started)"
    wait_until(lambda: problem(night) == silent, lambda: problem(night))  # the others have started

    text = rehearsed(night)

    assert failed(text) >= FAILS["worker"] | FAILS["mail"], text
    assert silent in text
    assert Part.LIVE not in failed(text), text


def dies(night: Night, name: str) -> None:
    """Some time ago: otherwise it would be waited for until it was silent for 45 s."""
    night.services[name].kill()
    with psycopg.connect(night.env["CCD_DATABASE_URL"], autocommit=True) as database:
        database.execute(
            "UPDATE operations_heartbeat SET at = at - interval '1 hour' WHERE kind = %s",
            [first_of(name)],
        )


def assert_only_json_is_written(night: Night) -> None:
    for service in night.services.values():
        lines = service.log.read_text().splitlines()
        assert [line for line in lines if not line.startswith("{")] == [], service.name
        assert all("event" in json.loads(line) for line in lines), service.name


def assert_each_is_named_when_it_dies(night: Night) -> None:
    """Each that answers keeps its answer for 2 s."""

    def is_named(words: str) -> None:
        wait_until(lambda: re.search(words, problem(night)), lambda: problem(night))

    for name in ("live" + SECOND, "uploads", "mail", "worker", "beat"):
        dies(night, name)
        is_named(f"processes: silent: .*{first_of(name)}")
    night.redis.kill()
    is_named("redis: unavailable")
    night.services["web-a"].kill()
    is_named("^answered 50")
    night.stop_proxy()
    is_named("^no answer: ConnectError")
    night.start_proxy()  # `Night.running` ends it


def inspected(night: Night, sha256: str) -> list[Any]:
    return next(found for key, *found in rows(night, INSPECTED) if key == sha256)


def short_scenes(night: Night, scanner: Clamd, cut: list[str]) -> dict[float, Callable[[], None]]:
    """At which share of the event. `cut`: gets the files whose inspection was cut."""

    def database_crashes() -> None:
        night.database.stop(signal.SIGQUIT)
        night.database.start()

    def proxy_restarts() -> None:
        night.stop_proxy()
        night.start_proxy()

    def inspections_wait() -> None:
        scanner.silent = True

    def workers_die_in_them() -> None:
        cut.extend(scanner.let_go())
        night.services["worker"].kill_children()
        wait_until(lambda: all(inspected(night, each)[0] for each in cut))

    return {
        0.1: inspections_wait,
        0.2: night.services["uploads"].kill_child,
        0.22: night.services["live"].kill,
        0.24: night.services["beat"].kill,
        0.26: night.services["web-a"].kill_child,
        0.3: workers_die_in_them,
        0.36: night.services["beat"].start,
        0.4: proxy_restarts,
        0.52: database_crashes,
        0.58: night.redis.kill,  # the deadline is at 0.6
        0.66: night.redis.start,
    }


@pytest.mark.postgres
def test_a_short_event_in_which_processes_and_servers_fail(tmp_path):
    """After a rehearsal in which nothing works in the background: it is not ready.

    The second process that serves sockets, the second of two web workers, and so on, take what the
    first one did. Redis is away at the deadline.
    """
    names = ("web-a", "live", "live" + SECOND, "uploads", "mail", "worker", "beat", "metrics")
    env = {"CCD_WEB_WORKERS": "2", "PYTHONWARNINGS": AS_ROOT}
    with (
        clamd() as scanner,
        Night(tmp_path, *names, CCD_CLAMAV=scanner.address, **env).running(
            without=BACKGROUND
        ) as night,
    ):
        assert_not_ready_without_background_work(night)
        for name in BACKGROUND:
            night.services[name].start()
        wait_until(lambda: not problem(night))  # Celery is slower than `start_services` waits
        assert_only_json_is_written(night)
        cut: list[str] = []

        text = rehearse(
            night, short_scenes(night, scanner, cut), minutes=0.5, teams=5, size=300_000
        )

        seen = Seen(text)
        seen.assert_nothing_is_lost(night, "check-deposits")
        seen.assert_few_requests_failed(SHORT_SHARE)
        assert [inspected(night, each) for each in cut] == [[True, 1]] * len(cut)
        assert all(scanner.scanned.count(each) > 1 for each in cut)
        kinds = rows(night, "SELECT DISTINCT kind FROM operations_heartbeat ORDER BY kind")
        assert [kind for (kind,) in kinds] == ["beat", "live", "mail", "uploads", "web", "worker"]
        assert all((tmp_path / f"{name}.beat").exists() for name in set(names) - {"metrics"})
        assert_each_is_named_when_it_dies(night)


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_long_event_in_which_each_service_is_killed(tmp_path):
    """Two of each, as on two machines: one of them is killed, and stays away for a while. Redis is
    away for two minutes at the deadline.
    """
    twice = [name + SECOND for name in ("live", "uploads", "mail", "worker")]
    minutes = 6
    faults = Faults(tmp_path / "nginx" / "access.log")
    with Night(tmp_path, *compose.site_services(), *twice, gives_way=True).running() as night:
        scenes = {
            0.5: faults.named("proxy restarted", night.stop_proxy),
            0.505: night.start_proxy,
            0.55: faults.named("database crashed", lambda: night.database.stop(signal.SIGQUIT)),
            0.56: night.database.start,
            0.58: faults.named("Redis away, deadline", night.redis.kill),
            0.58 + 2 / minutes: faults.named("Redis back", night.redis.start),
        }
        for number, name in enumerate(night.services):
            service, at = night.services[name], 0.12 + 0.03 * number
            scenes[at] = faults.named(f"{name} killed", service.kill)
            # The next one is killed when this one serves again, however slow the machine is.
            scenes[at + 0.02] = service.start_and_wait

        text = rehearse(night, scenes, minutes=minutes, teams=20, size=3_000_000)
        print(text, faults.table(), sep="\n")

        seen = Seen(text)
        seen.assert_nothing_is_lost(night, "check-deposits", "verify-seal")
        seen.assert_few_requests_failed(LONG_SHARE)
        seen.assert_all_errors_say_try_again()
        # What Redis forgot is asked for again two minutes later.
        wait_until(lambda: all(done for _, done, _ in rows(night, INSPECTED)), patience=400)
        assert {inspections for *_, inspections in rows(night, INSPECTED)} == {1}


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_rehearsal_with_any_one_process_dead_is_not_ready(tmp_path):
    """For minutes: uploads that get no answer are tried again for as long as browsers do."""
    names = set(compose.site_services()) - {"web-b"}
    with Night(tmp_path, *names, CCD_WEB_WORKERS="2").running() as night:
        wait_until(lambda: not problem(night))
        assert failed(rehearsed(night, within=30)) == set()  # seals are made each ten seconds
        for name, parts in FAILS.items():
            start: Callable[[], None] = (
                night.redis.start if name == "redis" else night.services[name].start_and_wait
            )
            (night.redis if name == "redis" else night.services[name]).kill()

            text = rehearsed(night)

            print(name, text, sep="\n")
            assert failed(text) >= parts, text
            assert "NOT READY" in text, text
            start()
            wait_until(lambda: not problem(night), lambda: problem(night))


def rehearsed(night: Night, *, within: int = WITHIN_SECONDS) -> str:
    small = ("--minutes", 0.25, "--teams", 1, "--bytes", 100_000, "--within", within)
    with rehearsal(night, *small) as process:
        assert process.stdout is not None
        text = process.stdout.read()
    assert "parts behind the pages" in text, text
    return text
