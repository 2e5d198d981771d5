"""The lines of the verdict about what is behind the pages."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from redis.exceptions import ConnectionError as RedisAway

from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import grace_ends_at
from hackathon.extras.trial_runs import background
from hackathon.extras.trial_runs.background import SERVICES, TITLES, Finding, findings
from hackathon.extras.trial_runs.enums import Part
from hackathon.extras.trial_runs.event import without_lost_lines
from hackathon.extras.trial_runs.outcome import Outcome, outcome_of
from hackathon.run.operations.queues import Queue
from hackathon.run.page_client.client import Notes, Sample
from submissions.enums import Health
from submissions.models import Inspection, Receipt
from submissions.seals.rules import SETTLE
from submissions.seals.services import make_due
from tests.conftest import DEADLINE
from tests.submissions.conftest import deposit as deposited

pytestmark = pytest.mark.system

LATER = DEADLINE + timedelta(hours=1)


@pytest.fixture
def received(edition, comunik, dossier, ada) -> Any:
    return deposited(dossier, comunik, ada, at=DEADLINE - timedelta(hours=1))


def failed(edition: Edition, *, sockets: int = 1, within: float = 0) -> dict[Part, str]:
    notes = Notes(sockets_opened=sockets)
    found = findings(edition, notes, within=within)
    assert [finding.part for finding in found] == [
        Part.LIVE,
        Part.SEALS,
        Part.INSPECTIONS,
        Part.RECEIPTS,
        Part.CODES,
    ]
    return {finding.part: finding.problem for finding in found if not finding.is_good}


@pytest.mark.django_db
@time_machine.travel(LATER, tick=False)
def test_what_background_work_did_not_do_is_named(received, edition, monkeypatch, settings):
    settings.REDIS_URL = "redis://localhost"
    monkeypatch.setattr(background, "queues", lambda: [Queue("celery", 9, 9), Queue("mail", 1, 30)])

    nothing_done = failed(edition, sockets=0)
    Inspection.objects.update(health=Health.GOOD)
    Receipt.objects.update(mailed_at=LATER)
    make_due(edition, at=LATER)
    monkeypatch.setattr(background, "queues", lambda: [Queue("mail", 0, 0.0)])
    all_done = failed(edition)

    assert nothing_done == {
        Part.LIVE: "no page got a socket",
        Part.SEALS: "missing: deadline, grace",
        Part.INSPECTIONS: "1 deposits wait",
        Part.RECEIPTS: "1 receipts wait",
        Part.CODES: "1 wait, the oldest for 30 s",
    }
    assert all_done == {}


@pytest.mark.django_db
@time_machine.travel(LATER, tick=False)
def test_codes_without_redis(edition, monkeypatch, settings):
    def away() -> list[Queue]:
        raise RedisAway

    monkeypatch.setattr(background, "queues", away)

    assert Part.CODES not in failed(edition)  # the process that was asked mails them
    settings.REDIS_URL = "redis://localhost"
    assert failed(edition)[Part.CODES] == "Redis does not answer"


@pytest.mark.django_db
def test_it_waits_until_all_is_done_or_the_bound_is_over(received, edition, monkeypatch):
    """The clock of the test moves only in the pauses."""
    with time_machine.travel(DEADLINE, tick=False) as now:
        paused: list[float] = []

        def pause(seconds: float) -> None:
            paused.append(seconds)
            now.shift(seconds)

        monkeypatch.setattr(background.time, "sleep", pause)
        never = failed(edition, within=10)
        waited = sum(paused)
        Inspection.objects.update(health=Health.GOOD)
        Receipt.objects.update(mailed_at=LATER)
        make_due(edition, at=LATER)
        paused.clear()
        at_once = failed(edition, within=10)

    assert set(never) == {Part.SEALS, Part.INSPECTIONS, Part.RECEIPTS}
    assert waited == (grace_ends_at(edition) + SETTLE - DEADLINE).total_seconds() + 10
    assert (at_once, paused) == ({}, [])


def test_every_part_has_a_title_and_what_to_do():
    assert set(TITLES) == set(Part)
    assert set(Part) - set(SERVICES) == {Part.BEFORE, Part.AFTER}


@pytest.mark.parametrize("part", Part)
def test_what_to_do_is_true_of_how_the_site_runs(part, settings):
    settings.REDIS_URL = ""
    one_process = Finding(part).remedy
    settings.REDIS_URL = "redis://localhost"
    containers = Finding(part).remedy

    assert "docker" not in one_process
    assert "docker compose" in containers
    assert all("\n" not in remedy for remedy in (one_process, containers))


def test_one_part_that_failed_makes_the_site_not_ready():
    findings = [Finding(part) for part in Part]
    good = Outcome(sent=1, received=1, messages=1, findings=findings)
    findings = [*findings[:-1], Finding(Part.AFTER, "processes: silent: beat")]
    bad = Outcome(sent=1, received=1, messages=1, findings=findings)

    assert good.is_good
    assert good.verdict.startswith("READY")
    assert not bad.is_good
    assert bad.verdict.startswith("NOT READY")
    assert "1 of 7 parts behind the pages failed; /readyz after the rehearsal" in bad.verdict


@pytest.mark.django_db
def test_errors_of_the_server_are_not_those_of_its_late_clients(edition):
    notes = Notes(lags=[(1.0, 0.0), (10.0, 4.2), (30.0, 0.3)])
    notes.samples = [
        Sample(13.0, "page", "GET /", 0, 5.0, "ReadError"),  # while the clients were late
        Sample(25.0, "page", "GET /", 0, 5.0, "PoolTimeout"),
        Sample(13.0, "page", "GET /", 0, 5.0, "ConnectError"),  # nobody listens
        Sample(25.0, "page", "GET /", 0, 5.0, "ReadError"),
        Sample(13.0, "page", "GET /", 503, 5.0),
    ]

    found = outcome_of(edition, notes)

    assert found.broken_off == {"GET / ReadError": 1, "GET / PoolTimeout": 1}
    assert found.server_errors == {
        "GET / ConnectError no answer": 1,
        "GET / ReadError no answer": 1,
        "GET / 503": 1,
    }


def test_a_line_that_breaks_is_no_traceback(caplog):
    async def breaks(error: Exception) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(without_lost_lines)
        loop.call_exception_handler({"message": "SSL error in data received", "exception": error})

    with caplog.at_level(logging.ERROR):
        asyncio.run(breaks(ConnectionResetError("x" * 700)))
        quiet = caplog.text
        asyncio.run(breaks(RuntimeError("A fault of this program")))

    assert quiet == ""
    assert "A fault of this program" in caplog.text
