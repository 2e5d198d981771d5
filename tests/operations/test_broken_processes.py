"""Breaking any one process of the site makes a rehearsal end with NOT READY, and it is named."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.test import override_settings

from hackathon.rehearsal import background
from hackathon.rehearsal.enums import Part
from tests import services
from tests.operations import compose
from tests.operations.night import Night
from tests.waiting import wait_until

SERVICES = tuple(name for name in compose.site_services() if name != "web-b")
SMALL = ("--minutes", 0.25, "--teams", 1, "--bytes", 100_000, "--within", 5)
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


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    if not services.postgres_bin() or not services.redis_bin() or not services.nginx_bin():
        pytest.skip("PostgreSQL, Redis or nginx is not installed")
    env = {"CCD_WEB_WORKERS": "2", "PYTHONWARNINGS": AS_ROOT}
    with Night(tmp_path, *SERVICES, **env).running() as running:
        wait_until(lambda: not problem(running))  # Celery is slower than `start_services` waits
        yield running


def problem(night: Night) -> str:
    """What `/readyz` says over the proxy."""
    return background.ready(Part.BEFORE, night.url, insecure=True).problem


def is_long_ago(night: Night, kind: str) -> None:
    """Its last sign of life: otherwise it would be waited for until it was silent for 45 s."""
    with psycopg.connect(night.env["CCD_DATABASE_URL"], autocommit=True) as database:
        database.execute(
            "UPDATE operations_heartbeat SET at = at - interval '1 hour' WHERE kind = %s", [kind]
        )


@pytest.mark.postgres
def test_each_process_writes_json_only_and_is_named_over_the_proxy_when_it_dies(
    night: Night,
) -> None:
    """Each process that answers keeps its answer for 2 s."""
    for service in night.services.values():
        lines = service.log.read_text().splitlines()
        assert [line for line in lines if not line.startswith("{")] == [], service.name
        assert all("event" in json.loads(line) for line in lines), service.name

    def is_named(words: str) -> None:
        wait_until(lambda: re.search(words, problem(night)), lambda: problem(night))

    for kind in ("live", "uploads", "mail", "worker", "beat"):
        night.services[kind].kill()
        is_long_ago(night, kind)
        is_named(f"processes: silent: .*{kind}")
    night.redis.kill()
    is_named("redis: unavailable")
    night.services["web-a"].kill()
    is_named("^answered 50")
    night.stop_proxy()
    is_named("^no answer: ConnectError")
    night.start_proxy()  # the fixture ends it


@pytest.mark.postgres
def test_a_rehearsal_without_background_work_is_not_ready(night: Night) -> None:
    night.services["worker"].kill()
    night.services["mail"].kill()

    text = rehearsed(night)

    assert failed(text) >= FAILS["worker"] | FAILS["mail"], text
    assert "silent: mail, worker" in text
    assert Part.LIVE not in failed(text), text


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_rehearsal_with_any_one_process_dead_is_not_ready(night: Night) -> None:
    """For minutes: uploads that find nobody are tried again for as long as browsers do."""
    assert failed(rehearsed(night)) == set()
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


def rehearsed(night: Night) -> str:
    with night.rehearsal(*SMALL) as process:
        assert process.stdout is not None
        text = process.stdout.read()
    assert "parts behind the pages" in text, text
    return text


def failed(text: str) -> set[Part]:
    """By the lines of the command. Each has its remedy below it."""
    titles = {title: part for part, title in background.TITLES.items()}
    found = {titles[title] for title in re.findall(r"^  FAILED +(.*)$", text, re.MULTILINE)}
    with override_settings(REDIS_URL="redis://"):  # as the processes have one
        assert all(background.Finding(part).remedy in text for part in found), text
    return found
