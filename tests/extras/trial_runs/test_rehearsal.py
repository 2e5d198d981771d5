import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from hackathon.base.accounts.models import User
from hackathon.base.core.mail import plain_message
from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Edition
from hackathon.extras.trial_runs import report
from hackathon.extras.trial_runs.background import Finding
from hackathon.extras.trial_runs.demo import people
from hackathon.extras.trial_runs.demo.people import CannotRehearse, Plan
from hackathon.extras.trial_runs.enums import Part
from hackathon.extras.trial_runs.outcome import Outcome, allowed_marks, outcome_of, quantile, series
from hackathon.run.page_client.client import Deposit, Notes, Sample
from submissions.enums import Punctuality
from submissions.models import Deliverable
from submissions.versions.selectors import period_of
from teams.models import Membership
from tests.conftest import DEADLINE, NOON
from tests.services import free_port
from tests.submissions.conftest import deposit as deposited

pytestmark = pytest.mark.system

PLAN = Plan(NOON + timedelta(days=30), timedelta(minutes=5))
BEFORE = NOON - timedelta(days=30)
ON_TIME, IN_GRACE, LATE = Punctuality.ON_TIME, Punctuality.IN_GRACE, Punctuality.LATE


def rows() -> dict[str, int]:
    models = [model for model in apps.get_models() if model not in (Session, LiveMessage)]
    return {model.__name__: model._base_manager.count() for model in models}


@pytest.mark.django_db(transaction=True)
@time_machine.travel(BEFORE, tick=False)
def test_nothing_of_a_rehearsal_stays_and_nobody_gets_mail(edition):
    before = rows()

    cast = people.prepare(PLAN, teams=6, at=BEFORE)
    people.set_schedule(cast.edition, PLAN, at=BEFORE)
    shown = Edition.objects.current()
    with time_machine.travel(PLAN.at(0.3), tick=False):
        team = cast.edition.teams.all()[0]
        asked = Deliverable.objects.filter(department=team.department, kind="file")[0]
        member = Membership.objects.filter(team=team)[0].user
        asked.formats = ["pdf"]
        asked.save()
        received = deposited(asked, team, member, at=PLAN.at(0.3))
        plain_message("Code", "1234", to=member.email).send()
    path = received.file.path
    with pytest.raises(CannotRehearse):
        people.check_possible(BEFORE, edition.slug)
    people.clean(BEFORE)
    edition.refresh_from_db()

    assert shown == cast.edition
    assert len(cast.students) == len({each.session for each in cast.students}) >= 30
    assert cast.edition.deadline_at == PLAN.deadline_at
    assert not any(message.recipients() for message in mail.outbox)
    after = rows()
    acted = User.objects.filter(email__startswith="ancien.")
    assert {name for name in before if before[name] != after[name]} == {"JournalEntry", "User"}
    assert not acted.filter(is_active=True).exists()
    assert after["User"] - before["User"] == acted.count()
    assert LiveMessage.objects.count() == 2  # the newest of the rehearsal, and the change after it
    assert edition.is_current
    assert not Path(path).exists()


@pytest.mark.django_db
@time_machine.travel(BEFORE, tick=False)
def test_its_organizer_acts_where_a_second_factor_is_required(edition, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    cast = people.prepare(PLAN, teams=1, at=BEFORE)
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = cast.organizer.session

    page = browser.get("/pilotage/")
    announced = browser.post("/api/v1/announcements/", {"audience": "everyone", "body": "Un"})

    assert (page.status_code, announced.status_code) == (200, 201)


def test_a_rehearsal_of_the_last_minutes_ends_after_the_grace():
    plan = Plan(NOON, timedelta(minutes=5), only_end=True)

    grace_ends_at = plan.deadline_at + timedelta(seconds=plan.grace_seconds)

    assert plan.briefs_at == NOON
    assert NOON + plan.length / 2 < plan.deadline_at < grace_ends_at < plan.ends_at


@pytest.mark.django_db
def test_a_rehearsal_takes_no_edition_away_from_people(edition, eve):
    for at, hide in ((BEFORE, ""), (NOON, ""), (NOON, edition.slug), (DEADLINE, edition.slug)):
        with pytest.raises(CannotRehearse):
            people.check_possible(at, hide)
    people.check_possible(BEFORE, edition.slug)
    with pytest.raises(CommandError, match="--hide ccd-2020"):
        call_command("rehearse", "http://localhost:1")
    Edition.objects.update(slug="demo-running")
    people.check_possible(NOON, "")


@pytest.mark.django_db
def test_without_an_answer_of_the_site_nothing_begins():
    with pytest.raises(CommandError, match="does not answer"):
        call_command("rehearse", f"http://127.0.0.1:{free_port()}")

    assert not Edition.objects.exists()


@pytest.mark.django_db
def test_the_clock_of_the_client_says_which_marks_are_right(edition, comunik):
    period = period_of(comunik)
    deadline, grace = period.deadline_at.timestamp(), period.grace_ends_at.timestamp()

    def marks(asked: float, opened: float, answered: float) -> set[Punctuality]:
        return allowed_marks(
            Deposit(1, 1, "", 1, asked_at=asked, opened_at=opened, answered_at=answered), period
        )

    assert marks(deadline - 60, deadline - 59, deadline - 10) == {ON_TIME}
    assert marks(deadline - 60, deadline - 59, deadline + 10) == {ON_TIME, IN_GRACE}
    assert marks(deadline + 10, deadline + 11, deadline + 20) == {LATE}
    assert marks(deadline - 60, deadline - 59, grace + 10) == {ON_TIME, IN_GRACE, LATE}
    assert marks(deadline - 0.1, deadline + 0.1, deadline + 1) == {ON_TIME, IN_GRACE, LATE}


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_the_outcome_finds_what_was_lost_altered_or_wrongly_marked(edition, comunik, dossier, ada):
    Edition.objects.update(late_policy=LatePolicy.ACCEPT)
    kept, altered = (deposited(dossier, comunik, ada, content=b"%PDF " + b) for b in (b"a", b"b"))
    late = deposited(dossier, comunik, ada, at=DEADLINE + timedelta(seconds=20), content=b"%PDF c")
    Path(altered.file.path).chmod(0o600)
    Path(altered.file.path).write_bytes(b"%PDF x")
    notes = Notes(began=NOON.timestamp())

    def sent(row: Any, at: float) -> Deposit:
        return Deposit(
            comunik.pk, dossier.pk, row.sha256, row.size, at, at, at + 1, row.receipt.code
        )

    early = (DEADLINE - timedelta(hours=1)).timestamp()
    notes.deposits = [
        sent(kept, early),
        sent(altered, early),
        sent(late, early),
        Deposit(comunik.pk, dossier.pk, "0" * 64, 5, early, early),
        Deposit(comunik.pk, dossier.pk, "0" * 64, 5, early, early, early, "NOSUCHCODE"),
    ]
    notes.samples = [Sample(at, "page", "GET /", 200, 0.1) for at in range(100)]
    notes.samples += [Sample(50.0, "page", "GET /", 502, 0.1), Sample(90.0, "part", "GET /", 0, 1)]
    notes.announced = {"a": (NOON.timestamp() + 20, [NOON.timestamp() + 21])}

    found = outcome_of(edition, notes)

    assert [line.split(": ")[1] for line in found.lost] == [
        "the stored file or its receipt is not what was sent",
        "never acknowledged",
        "the receipt NOSUCHCODE is not that of this file",
    ]
    assert len(found.wrongly_marked) == 1
    assert found.server_errors == {"GET / 502": 1, "GET / no answer": 1}
    assert found.messages_p99 == pytest.approx(1000)
    assert found.saturated[0].startswith("messages p99 after 2")
    assert not found.is_good
    assert found.verdict.startswith("NOT READY: 3 of 5 deposits received, 3 lost, 1 wrongly marked")


def test_a_good_outcome_needs_deposits_and_messages():
    good = Outcome(sent=1, received=1, pages_p95=299, messages=1, messages_p99=499)

    assert good.is_good
    assert not Outcome(pages_p95=1, messages=1).is_good
    assert not Outcome(sent=1, received=1, pages_p95=1).is_good
    assert not Outcome(sent=1, received=1, pages_p95=301, messages=1).is_good
    good.trouble.append("POST /ceremonie/telecommande/: 422")
    assert not good.is_good
    assert "1 failed acts" in good.verdict


def test_the_report_shows_what_came_after_the_end():
    notes = Notes(began=0.0)
    end = PLAN.length.total_seconds()
    notes.samples = [Sample(at, "page", "GET /", 200, at) for at in (0.5, end, end + 90)]

    html = report.html(PLAN, notes, Outcome(sent=1), {"Requests": 3})

    points = re.findall(r"([\d.]+),([\d.]+)", " ".join(re.findall(r'points="([^"]*)"', html)))
    assert len(points) >= 6
    assert all(0 <= float(x) <= report.WIDTH and 0 <= float(y) <= report.HEIGHT for x, y in points)
    assert "NOT READY: 0 of 1 deposits" in html


def test_the_report_says_in_french_what_was_wrong_and_what_to_do():
    notes = Notes(began=0.0, marks=7)
    bad = Outcome(sent=3, received=2, requests=40, messages=5, pages_p95=7384, lost=["team 1"])
    bad.findings = [Finding(Part.CODES, "2 wait"), Finding(Part.LIVE)]
    good = Outcome(sent=1, received=1, messages=1)

    wrong, right = (report.html(PLAN, notes, each, {}) for each in (bad, good))

    said = " ".join(wrong.split('lang="en"')[0].split())
    assert '<html lang="fr">' in said
    assert "Pas prêt" in said
    assert "2 dépôts reçus sur 3 envoyés" in said
    assert "1 dépôt a été perdu." in said
    assert "une sur vingt a mis plus de 7,4 s (but : 0,3 s)" in said.replace("\xa0", " ")
    assert f"{Part.CODES.label}</strong><br>À taper sur le serveur" in said.replace("\xa0", " ")
    assert str(Part.LIVE.label) not in said
    assert "Ce qui n’allait pas" not in right


def test_curves():
    notes = Notes(began=0.0)
    notes.samples = [Sample(at / 10, "page", "", 200, 0.2) for at in range(100)]

    assert series(notes, "requests")[0] == (0.5, 10.0)
    assert series(notes, "pages_p95")[0] == (0.5, 200.0)
    assert quantile([], 0.5) == 0.0
    assert quantile([3, 1, 2], 0.5) == 2
