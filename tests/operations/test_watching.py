"""Metrics, logs and trace of real processes."""

import io
import json
import logging
import logging.config
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis as redis_client
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY

from hackathon.base.accounts.models import ApiToken, User
from hackathon.base.core import clock, metrics
from hackathon.base.core.logs import logging_config, scrubbed
from hackathon.base.live.hub import Hub
from hackathon.event.editions.models import Edition
from submissions.models import Deliverable
from teams.models import Team
from tests import services
from tests.operations import compose
from tests.operations.ways_in import Person
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.servers import Process, environment, process
from tests.tokens import make_token
from tests.waiting import wait_until

pytestmark = pytest.mark.postgres


@pytest.fixture
def redis() -> Iterator[services.Redis]:
    if services.redis_bin() is None:
        pytest.skip("Redis is not installed")
    server = services.Redis()
    server.start()
    yield server
    server.kill()


@pytest.fixture
def site(db: None, edition: Edition, redis: services.Redis, tmp_path: Path) -> Iterator[Process]:
    move_deadline(edition, timedelta(hours=1))
    with process(
        CCD_REDIS_URL=redis.url,
        CCD_METRICS_DIR=str(tmp_path / "metrics"),
        CCD_LOG_FORMAT="json",
        CCD_PROCESS="uploads",
        CCD_DEBUG="1",
    ) as running:
        yield running


def upload(site: Process, user: User, deliverable: Deliverable, *, length: int) -> httpx.Response:
    import base64

    pk = base64.b64encode(str(deliverable.pk).encode()).decode()
    name = base64.b64encode(b"dossier.pdf").decode()
    return httpx.post(
        f"{site.url}/uploads/",
        content=b"%PDF-1.4 ab" if length == 11 else b"",
        headers={
            "Authorization": f"Token {make_token(user)}",
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(length),
            "Upload-Metadata": f"deliverable {pk},filename {name}",
            **({"Content-Type": "application/offset+octet-stream"} if length == 11 else {}),
        },
        trust_env=False,
        timeout=60,
    )


@pytest.mark.django_db(transaction=True)
def test_a_scrape_and_a_trace_tell_what_happened(
    site, redis, comunik, pixels, ada, cleo, dossier, client_of, tmp_path
):
    refused = upload(site, ada, dossier, length=dossier.max_bytes + 1)
    received = upload(site, ada, dossier, length=11)
    upload(site, cleo, dossier, length=11)  # of another department
    page = httpx.get(
        f"{site.url}/", headers={"X-Request-ID": "a" * 32}, trust_env=False, timeout=60
    )
    with redis_client.Redis(port=redis.port) as client:
        wait_until(lambda: client.llen("celery\x06\x163") + client.llen("celery\x06\x166") == 2)

    person = Person(site, client_of(ada), make_token(ada))
    wrong = [person.by_form(dossier, "jeu.exe"), person.by_api(dossier, "jeu.exe")]
    foreign = [person.by_form(dossier, "a.pdf", csrf="d" * 32), person.from_another_site()]
    too_large = person.too_large()
    person.by_a_line_that_breaks(dossier)
    wait_until(lambda: "disconnected" in site.log.read_text())
    move_deadline(comunik.edition, timedelta(hours=-1), grace=timedelta(0))
    late = [person.by_form(dossier, "a.pdf"), person.by_api(dossier, "a.pdf")]
    late.append(upload(site, ada, dossier, length=11).status_code)
    ApiToken.objects.filter(user=ada).update(expires_at=clock.now())
    expired = person.by_api(dossier, "a.pdf")
    move_deadline(comunik.edition, timedelta(hours=1))  # marks are computed from it

    scraped = scrape(redis, tmp_path / "metrics")
    traced = trace(comunik, site.log)
    others = trace(pixels, site.log)

    assert (refused.status_code, received.status_code, page.status_code) == (413, 201, 200)
    assert page.headers["x-request-id"] == "a" * 32
    assert scraped['ccd_upload_requests_total{code="too_large",method="POST",status="413"}'] == 1
    assert scraped['ccd_upload_requests_total{code="",method="POST",status="201"}'] == 1
    assert scraped["ccd_upload_bytes_total"] == 11
    assert scraped['ccd_deposits_total{punctuality="on_time"}'] == 1
    assert scraped['ccd_requests_total{method="GET",route="home",status="200"}'] == 1
    assert scraped['ccd_queue_length{queue="celery"}'] == 2  # nobody takes them here
    # Seconds, neither milliseconds nor an instant: how many depends on the machine.
    assert 0 < scraped['ccd_queue_oldest_seconds{queue="celery"}'] < 3600
    assert scraped['ccd_process_silent_seconds{kind="uploads"}'] < 3600
    assert scraped['ccd_clock_skew_seconds{kind="uploads"}'] < 10
    assert scraped["ccd_disk_free_bytes"] > 0
    assert scraped['ccd_up{what="database"}'] == scraped['ccd_up{what="redis"}'] == 1

    assert (wrong, foreign, too_large, late) == ([422, 409], [403, 403], 413, [422, 409, 422])
    assert expired == 401
    whose = f"team={comunik.pk} .*user={ada.pk}"
    form, api = "route=submissions:deposit status", "route=api:submissions status"
    for line in (
        "upload code=too_large .*status=413",
        f"request code=wrong_format .*{form}=422 .*{whose}",
        f"request code=wrong_format .*{api}=409 .*{whose}",
        f"request .*{form}=403 .*user={ada.pk}",
        f"upload code=csrf_failed .*status=403 .*user={ada.pk}",
        f"request code=too_large length=3000000 .*status=413 user={ada.pk}",
        f"request code=disconnected length=5000 .*received=100 .*{form}=499 user={ada.pk}",
        f"request code=deadline_passed .*{form}=422 .*{whose}",
        f"request code=deadline_passed .*{api}=409 .*{whose}",
        "upload code=deadline_passed .*status=422",
        f"A token was refused.* user={ada.pk}",
        f"request code=invalid_token .*{api}=401",
    ):
        assert re.search(f"log  .*{line}", traced), line
    assert re.search(r"submission .*received: Dossier de stratégie v1 .*on_time, receipt", traced)
    assert "journal     submission.received" in traced
    assert "status=413" not in others
    assert "code=not_found" in others

    lines = [line for line in site.log.read_text().splitlines() if line.startswith("{")]
    entries = [json.loads(line) for line in lines]
    assert len(entries) >= 4
    assert all(entry["at"].endswith("Z") and entry["process"] == "uploads" for entry in entries)
    text = "\n".join(lines)
    assert "example.org" not in text
    assert "127.0.0.1" not in "\n".join(json.dumps(e) for e in entries if e["event"] == "upload")
    assert not any(name in text for name in ("Ada", "Com’unik", "dossier.pdf", "jeu.exe"))


def scrape(redis: services.Redis, directory: Path) -> dict[str, float]:
    """From `manage.py metrics`, over HTTP."""
    port = services.free_port()
    serving = subprocess.Popen(
        [sys.executable, "manage.py", "metrics", "--port", str(port)],
        cwd=compose.ROOT,
        env=environment(CCD_REDIS_URL=redis.url, CCD_METRICS_DIR=str(directory)),
        stdout=subprocess.DEVNULL,
    )
    answers: list[str] = []

    def answered() -> bool:
        try:
            found = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False, timeout=60)
        except httpx.TransportError:
            return False
        answers.append(found.text)
        return True

    try:
        wait_until(answered)
    finally:
        serving.terminate()
        serving.wait(60)
    samples = (line.rpartition(" ") for line in answers[-1].splitlines() if line[0] != "#")
    return {name: float(value) for name, _, value in samples}


def trace(team: Team, log: Path) -> str:
    output = io.StringIO()
    now = clock.now().isoformat()
    with log.open() as lines:
        call_command("trace", team=team.name, at=now, logs=[lines], stdout=output)
    return output.getvalue()


@pytest.mark.django_db
def test_a_trace_without_entries_or_people(comunik, edition):
    for named in (str(comunik.pk), "com'unik"):
        with pytest.raises(SystemExit):
            call_command("trace", team=named, at="22:59:40", stdout=io.StringIO())
    with pytest.raises(CommandError, match="no team"):
        call_command("trace", team="Personne", at="22:59:40")
    with pytest.raises(CommandError, match="--at"):
        call_command("trace", team=comunik.name, at="tonight")


@pytest.mark.django_db
def test_a_trace_shows_what_was_refused_while_nobody_could_say_whose_it_was(comunik, tmp_path):
    log = tmp_path / "log"
    lines = (
        {"status": 503, "method": "POST", "route": "submissions:deposit", "code": "unavailable"},
        {"status": 503, "method": "PATCH", "route": "uploads", "code": "unavailable"},
        {"status": 503, "method": "GET", "route": "home"},  # a page: read again by itself
        {"status": 503, "method": "POST", "route": "api:marks", "user": 999_999},  # of another one
        {"status": 302, "method": "POST", "route": "account_login"},
    )
    at = clock.now().isoformat()
    entries = [{"at": at, "event": "request", "request": str(n), **e} for n, e in enumerate(lines)]
    log.write_text("\n".join(map(json.dumps, entries)))

    traced = trace(comunik, log)

    anonymous = re.findall(r"anonymous .* route=(\S+) status=503", traced)
    assert sorted(anonymous) == ["submissions:deposit", "uploads"]
    assert "api:marks" not in traced
    assert "home" not in traced


@pytest.mark.django_db
def test_made_up_methods_are_one_time_series(client):
    for number in range(3):
        client.generic(f"MADEUP{number}", "/healthy/")

    found = {
        sample.labels["method"]
        for family in metrics.REQUESTS.collect()
        for sample in family.samples
    }
    assert "other" in found
    assert not any(method.startswith("MADEUP") for method in found)


@pytest.mark.django_db
def test_wrong_passwords_and_wrong_codes_are_counted_and_logged(ada, caplog):
    caplog.set_level("INFO")

    def counted() -> float:
        found = REGISTRY.get_sample_value(
            "ccd_sign_in_failures_total", {"reason": "email_password_mismatch"}
        )
        return found or 0.0

    before = counted()
    Client().post("/compte/connexion/", {"login": ada.email, "password": "not-hers-at-all"})

    Client().post("/compte/connexion/", {"login": ada.email, "password": "secret-of-tests"})

    logged = [(record.getMessage(), vars(record).get("user")) for record in caplog.records]
    assert counted() == before + 1
    assert ("A sign-in failed: email_password_mismatch", None) in logged
    assert ("Signed in", ada.pk) in logged
    assert ada.email not in caplog.text


@pytest.mark.asyncio
async def test_the_time_from_commit_to_sockets_is_measured():
    def observed(part: str) -> float:
        return REGISTRY.get_sample_value(f"ccd_message_seconds_{part}") or 0.0

    count, total = observed("count"), observed("sum")
    event = {"id": 1, "type": "x", "audiences": ["everyone"], "text": "{}", "deletes": ()}
    committed = clock.now().timestamp() - 3

    await Hub().deliver([{**event, "committed": committed}])

    assert observed("count") == count + 1
    assert 3 <= observed("sum") - total <= clock.now().timestamp() - committed


def test_a_queued_task_has_its_date():
    from hackathon.run.operations.queues import QUEUED_AT
    from hackathon.run.operations.receivers import date_task

    headers: dict[str, Any] = {}
    before = clock.now().timestamp()
    date_task(headers=headers)

    rounding = 1e-6  # s, of instants
    assert before <= headers[QUEUED_AT] <= clock.now().timestamp() + rounding


def test_log_lines_hide_addresses(capsys):
    config = logging_config("INFO", as_json=True, process="mail")
    handler = logging.StreamHandler(sys.stdout)
    factory = dict(config["formatters"]["line"])
    handler.setFormatter(factory.pop("()")(**factory))
    logger = logging.getLogger("test.of.logs")
    logger.addHandler(handler)
    try:
        raise OSError("550 no such user ada.lovelace@etu.univ-lorraine.fr")
    except OSError:
        logger.exception("Not sent to %s", "ada.lovelace@etu.univ-lorraine.fr")
    secret = RequestFactory().post("/equipe/rejoindre/K7QX2M/?next=/")
    logger.warning("Forbidden (%s): %s", "CSRF", secret.path, extra={"request": secret})
    logger.warning("Not Found: %s", "/agenda/3f2a.ics")
    logger.warning("Not Found: %s", "/projection/3f2a/scene/")
    logger.removeHandler(handler)

    entry, forbidden, missing, gone = map(json.loads, capsys.readouterr().out.splitlines())
    assert entry["event"] == "Not sent to <address>"
    assert "lovelace" not in entry["exception"]
    assert (entry["process"], entry["level"]) == ("mail", "error")
    assert forbidden["event"] == "Forbidden (CSRF): /equipe/rejoindre/…"
    assert forbidden["request"] == "POST /equipe/rejoindre/…"
    assert missing["event"] == "Not Found: /agenda/…"
    assert gone["event"] == "Not Found: /projection/…"


def test_uvicorn_logs_no_address_of_a_client():
    config = logging_config("INFO", as_json=True, process="live")
    (name,) = config["loggers"]["uvicorn.error"]["filters"]
    shows = config["filters"][name]["()"]()

    def record(text: str, *values: str) -> logging.LogRecord:
        return logging.LogRecord("uvicorn.error", logging.INFO, __file__, 1, text, values, None)

    assert not shows(record('%s - "WebSocket %s" [accepted]', "192.0.2.7:5123", "/ws/live/?a=b"))
    assert shows(record("Application startup complete."))


def test_the_log_hides_what_the_proxy_hides():
    text = (compose.ROOT / "deploy" / "nginx.conf").read_text()
    block = text.partition("$ccd_logged {")[2].partition("}")[0]
    patterns = re.findall(r'"~\^(?:\(\?<\w+>)?(/[^")]+/)\)?"', block)
    paths = [pattern.replace("[a-z-]+", "galerie") for pattern in patterns]

    assert len(paths) == 7
    assert [scrubbed(f"{path}K7QX2M?a") for path in paths] == [f"{path}…?a" for path in paths]
