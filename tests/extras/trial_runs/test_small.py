"""The rehearsal that an organizer starts from the page of an edition."""

import sys
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.extras.trial_runs import services, tasks
from hackathon.extras.trial_runs.background import Finding
from hackathon.extras.trial_runs.demo import people
from hackathon.extras.trial_runs.enums import Part
from hackathon.extras.trial_runs.errors import RehearsalRefusal
from hackathon.extras.trial_runs.models import SmallRehearsal
from hackathon.extras.trial_runs.outcome import Outcome
from hackathon.extras.trial_runs.run import Order, Result
from hackathon.run.operations import heartbeats
from hackathon.run.operations.models import Heartbeat
from tests.conftest import NOON

pytestmark = pytest.mark.system

BEFORE = NOON - timedelta(days=3)


@pytest.fixture
def queued(db, monkeypatch, settings) -> list[int]:
    """Numbers of the tasks that were queued."""
    settings.REDIS_URL = "redis://localhost"
    for kind in ("worker", "beat"):
        heartbeats.beat(kind)
    found: list[int] = []
    monkeypatch.setattr(services, "enqueue", lambda _task, pk: found.append(pk))
    return found


def small(client: Client, edition: Edition, user: User, **data: str) -> Any:
    client.force_login(user)
    address = reverse("trial_runs:small", args=[edition.slug])
    return client.post(address, data) if data else client.get(address)


@pytest.mark.django_db
@time_machine.travel(BEFORE, tick=False)
def test_an_organizer_confirms_and_starts_one(client, edition, eve, ada, queued):
    unconfirmed = small(client, edition, eve, confirmed="")
    stranger = small(client, edition, ada, confirmed="on")
    begun = small(client, edition, eve, confirmed="on")
    again = small(client, edition, eve, confirmed="on")

    assert [each.status_code for each in (unconfirmed, stranger, begun, again)] == [
        422,
        404,
        302,
        422,
    ]
    assert queued == [SmallRehearsal.objects.get().pk]
    assert JournalEntry.objects.filter(act="rehearsal.begun", by=eve).count() == 1
    assert str(RehearsalRefusal.RUNNING.label) in again.content.decode()


@pytest.mark.django_db
def test_it_is_refused_near_the_event_and_for_a_hidden_edition(edition, queued, settings):
    def code(at: Any) -> RehearsalRefusal | None:
        refusal = services.refusal_of(edition, at=at)
        return refusal and refusal.code

    assert code(edition.starts_at - timedelta(hours=3)) is None
    assert code(edition.starts_at - timedelta(hours=1)) is RehearsalRefusal.NOT_NOW
    Edition.objects.update(is_current=False)
    edition.refresh_from_db()
    assert code(BEFORE) is RehearsalRefusal.NOT_NOW


@pytest.mark.django_db
def test_it_is_refused_without_the_process_that_runs_or_ends_it(edition, queued, settings):
    for kind in ("worker", "beat"):
        Heartbeat.objects.filter(kind=kind).update(at="2020-01-01T00:00:00Z")
        refusal = services.refusal_of(edition, at=BEFORE)
        assert refusal is not None
        assert f"{kind} :" in str(refusal)
        Heartbeat.objects.filter(kind=kind).update(at=Now())

    assert services.refusal_of(edition, at=BEFORE) is None
    Heartbeat.objects.all().delete()
    settings.REDIS_URL = ""  # `make run`: threads of the process that answers
    assert services.refusal_of(edition, at=BEFORE) is None


@pytest.mark.django_db
def test_in_a_demo_edition_it_is_possible_at_any_time(edition):
    Edition.objects.update(slug="demo-running")
    edition.refresh_from_db()

    assert services.refusal_of(edition, at=NOON) is None


def test_it_rehearses_with_clients_of_its_own_and_keeps_the_result(
    client, edition, eve, queued, monkeypatch
):
    orders: list[Order] = []

    def rehearse(order: Order, say: Callable[[str], None]) -> Result:
        orders.append(order)
        people.prepare(people.Plan(BEFORE, timedelta(minutes=1)), teams=1, at=BEFORE)
        findings = [Finding(Part.SEALS), Finding(Part.CODES, "1 wait")]
        return Result(Outcome(sent=9, received=9, findings=findings), "<p>Report</p>")

    monkeypatch.setattr(services, "rehearse", rehearse)
    with time_machine.travel(BEFORE, tick=False):
        begun = services.begin(edition=edition, by=eve, at=BEFORE)
        call_command("rehearse", small=begun.pk)
        call_command("rehearse", small=begun.pk)  # the task was delivered again
        page = small(client, edition, eve).content.decode()
        report = client.get(reverse("trial_runs:report", args=[edition.slug, begun.pk]))

    begun.refresh_from_db()
    edition.refresh_from_db()
    assert len(orders) == 1
    assert (begun.is_good, begun.ended_at, edition.is_current) == (False, BEFORE, True)
    assert not people.existing().exists()
    assert "9 dépôts reçus sur 9" in page
    assert str(Part.CODES.label) in page
    assert str(Part.SEALS.label) not in page
    assert report.content == b"<p>Report</p>"
    assert "attachment" in report["Content-Disposition"]


def test_its_clients_have_a_process_of_their_own(monkeypatch):
    """The task returns at once: the worker has to make the seals that it looks for."""
    started: list[list[str]] = []

    def start(command: list[str], **_: Any) -> Any:
        started.append(command)
        return SimpleNamespace(wait=lambda: None, terminate="ends it")

    at_exit: list[Any] = []
    monkeypatch.setattr(tasks.subprocess, "Popen", start)
    monkeypatch.setattr(tasks.atexit, "register", at_exit.append)

    tasks.run_small(7)

    assert started == [[sys.executable, "manage.py", "rehearse", "--small", "7"]]
    assert at_exit == ["ends it"]


def test_the_edition_is_shown_again_after_an_error_and_after_a_kill(
    edition, eve, queued, monkeypatch
):
    def fails(_order: Order, _say: Callable[[str], None]) -> Result:
        people.prepare(people.Plan(BEFORE, timedelta(minutes=1)), teams=1, at=BEFORE)
        raise OSError

    def killed(order: Order, say: Callable[[str], None]) -> Result:
        try:
            return fails(order, say)
        except OSError:
            raise SystemExit from None

    late = BEFORE + services.LONGEST + timedelta(seconds=1)
    with time_machine.travel(BEFORE, tick=False):
        for rehearse in (fails, killed):
            monkeypatch.setattr(services, "rehearse", rehearse)
            begun = services.begin(edition=edition, by=eve, at=BEFORE)
            if rehearse is fails:
                services.run(begun.pk)
            else:
                with pytest.raises(SystemExit):
                    services.run(begun.pk)
                services.end_interrupted(at=BEFORE)
                assert people.existing().exists()
                services.end_interrupted(at=late)
            begun.refresh_from_db()
            edition.refresh_from_db()
            assert edition.is_current
            assert begun.ended_at is not None
            assert begun.is_good is None
            assert not people.existing().exists()


@pytest.mark.parametrize("taken", [True, False])
def test_a_rehearsal_begun_from_a_terminal_meanwhile_goes_on(edition, eve, queued, taken):
    begun = services.begin(edition=edition, by=eve, at=BEFORE)
    with time_machine.travel(BEFORE, tick=False):
        people.prepare(people.Plan(BEFORE, timedelta(minutes=1)), teams=1, at=BEFORE)
        if taken:
            services.run(begun.pk)
        else:
            services.end_interrupted(at=BEFORE + services.LONGEST + timedelta(seconds=1))

    begun.refresh_from_db()
    assert begun.ended_at is not None
    assert begun.is_good is None
    assert people.existing().get().is_current


@pytest.mark.django_db
def test_only_organizers_begin_one(edition, ada, queued):
    with pytest.raises(Refused):
        services.begin(edition=edition, by=ada, at=BEFORE)

    assert queued == []


def test_a_rehearsal_that_waited_for_a_worker_has_its_time(edition, eve, queued):
    begun = services.begin(edition=edition, by=eve, at=BEFORE)
    taken = BEFORE + services.LONGEST - timedelta(minutes=1)
    SmallRehearsal.objects.update(taken_at=taken)

    services.end_interrupted(at=taken + timedelta(minutes=2))
    begun.refresh_from_db()
    ended_early = begun.ended_at
    services.end_interrupted(at=taken + services.LONGEST + timedelta(seconds=1))
    begun.refresh_from_db()

    assert ended_early is None
    assert begun.ended_at is not None
