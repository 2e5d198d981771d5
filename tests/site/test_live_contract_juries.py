"""The contract of live messages for changes of a jury, by `jury.changed` and `sheet.progressed`."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.live import messages
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import editions
from hackathon.event.roles import audiences_for
from judging.enums import VisitKind
from judging.models import Badge, Recusal, ScoreSheet
from judging.plan import services as plans
from judging.scoring.changes import Visit
from judging.scoring.services import visits
from judging.setup.services import badges, criteria, method, recusals
from judging.setup.services import seats as jury
from teams.models import Team
from tests.conftest import NOON, make_team
from tests.read_tables import tables_named
from tests.site.live_actions import (
    MORNING,
    appoint,
    decide_and_lock,
    dissolve,
    finish_a_sheet,
    hand_in,
    publish_results,
    register,
)
from tests.site.open_page import Page, received_types


@pytest.fixture
def stage(world, diane, ada) -> Any:
    Recusal.objects.all().delete()  # the world's is of no team of this jury
    Badge.objects.all().delete()
    found = SimpleNamespace(**world.objects, president=diane, ada=ada)
    found.other = make_team(found.department, "Les Five")
    return found


def plan(w: SimpleNamespace, at: datetime) -> None:
    plans.make(department=w.department, by=w.organizer, at=at)


def drop(w: SimpleNamespace, at: datetime) -> None:
    plans.drop(department=w.department, by=w.organizer, at=at)


def redraw(w: SimpleNamespace, at: datetime) -> None:
    plans.redraw(department=w.department, by=w.organizer, at=at)


def leave(w: SimpleNamespace, at: datetime) -> None:
    jury.leave(juror=w.president, by=w.organizer, at=at)


def badge(w: SimpleNamespace, at: datetime) -> None:
    badges.issue_all(department=w.department, jurors=[w.juror], by=w.organizer, at=at)


def visit(kind: str, value: str) -> Callable[..., None]:
    def act(w: SimpleNamespace, at: datetime) -> None:
        until = (at + timedelta(minutes=20)).isoformat()
        made = Visit(VisitKind(kind), value or until, uuid4(), department=w.department.pk)
        team = Team.objects.select_related("department").get(pk=w.other.pk)
        team.department.edition = w.edition
        visits.write(made, team=team, edition=w.edition, by=w.juror.user, at=at)

    return act


def recuse(w: SimpleNamespace, at: datetime) -> None:
    team = Team.objects.get(pk=w.other.pk)
    recusals.make(juror=w.juror, team=team, reason="Oui", by=w.juror.user, at=at)


def withdraw(w: SimpleNamespace, at: datetime) -> None:
    recusals.withdraw(recusal=Recusal.objects.get(), by=w.juror.user, at=at)


def choose(w: SimpleNamespace, at: datetime) -> None:
    content = {"method": "median", "readings": 2, "separation": "0.9"}
    method.choose(department=w.department, **content, by=w.organizer, at=at)


def move(w: SimpleNamespace, at: datetime) -> None:
    criteria.move(criterion=w.criterion, up=False, by=w.organizer, at=at)


def amend(w: SimpleNamespace, at: datetime) -> None:
    content = {"name": "Besoin", "weight": 5, "scale": 20, "guidance": "", "reason": "Oubli"}
    criteria.amend(criterion=w.criterion, **content, by=w.president.user, at=at)


def nothing(w: SimpleNamespace, at: datetime) -> None:
    pass


# The act, and what is done before the old pages are rendered.
ACTS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "a juror is appointed": (appoint, nothing),
    "a juror is appointed late": (appoint, plan),
    "a juror leaves": (leave, plan),
    "a badge is made": (badge, nothing),
    "a team is put off": (visit("skip", "busy"), nothing),
    "something is flagged": (visit("flag", "Pas de courant"), nothing),
    "a juror makes a pause": (visit("pause", ""), nothing),
    "a plan is made": (plan, nothing),
    "a plan is redrawn": (redraw, plan),
    "a plan is given up": (drop, plan),
    "a juror is recused": (recuse, plan),
    "a recusal is withdrawn": (withdraw, recuse),
    "the rules change": (choose, plan),
    "criteria change places": (move, nothing),
    "a criterion is amended": (amend, nothing),
    "a first sheet is finished": (finish_a_sheet, plan),
    "a team registers": (register, plan),
    "a team is dissolved": (dissolve, plan),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_old_page_of_a_jury_and_the_message_are_a_fresh_page(
    name, stage, client_of, monkeypatch
):
    act, before = ACTS[name]
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=80 * 10**9))
    of = [stage.department.pk]
    pages = {
        "eve": [
            reverse("judging:setup", args=of),
            reverse("judging:plan", args=of),
            reverse("control_room:control"),
            reverse("judging:publish", args=["ccd-2020"]),
        ],
        "dan": [reverse("judging:index"), reverse("judging:my-recusals", args=["INFOCOM"])],
        "max": [reverse("judging:index")],
    }
    if act is not leave:
        pages["diane"] = [reverse("judging:amend-criteria", args=["INFOCOM"])]
    people = {person: User.objects.get(email=f"{person}@example.org") for person in pages}
    browsers = {person: client_of(user) for person, user in people.items()}
    with time_machine.travel(MORNING, tick=False):
        before(stage, MORNING)
        old = {
            (person, url): Page(browsers[person], url)
            for person, urls in pages.items()
            for url in urls
        }
        since = messages.last_id()

        with tables_named(only_written=True) as written:
            act(stage, MORNING)

        changed = False
        for (person, url), page in old.items():
            fresh = page.fetched_again(written)
            changed = changed or page.text != fresh.text
            audiences = frozenset(audiences_for(people[person], stage.edition))
            page.receive(received_types(people[person], stage.edition, since), fresh, audiences)
            assert page.text == fresh.text, (person, url)
    assert changed


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_juror_without_a_mark_sees_a_new_deposit_without_a_request(
    has_begun, stage, site_link, client_of
):
    """Beside a mark the list says whether what was marked has changed: it is fetched again."""
    stage.link = site_link
    ScoreSheet.objects.all().delete()
    if has_begun:
        ScoreSheet.objects.create(
            juror=stage.juror, team=stage.team, comment="Bien", changed_at=NOON
        )
    dan, url = stage.juror.user, reverse("judging:index")
    with time_machine.travel(NOON, tick=False):
        page = Page(client_of(dan), url)
        (shown,) = [part.shows for part in page.parts if part.id == "juries"]
        since = messages.last_id()

        hand_in(stage, NOON)

        fresh = page.fetched_again()
        assert page.text != fresh.text
        audiences = frozenset(audiences_for(dan, stage.edition))
        page.receive(received_types(dan, stage.edition, since), fresh, audiences)
        assert page.text == fresh.text
    assert ("submission" in shown) == has_begun


def let_the_jury_read(w: SimpleNamespace, at: datetime) -> None:
    editions.update(edition=w.edition, jury_reads_decision=True, by=w.organizer, at=at)


@pytest.mark.parametrize(
    ("act", "shown"),
    [(publish_results, "results"), (let_the_jury_read, "edition.jury_reads_decision")],
)
def test_the_list_of_a_juror_without_a_mark_leads_to_the_decision_by_itself(
    act, shown, stage, client_of
):
    dan = stage.juror.user
    Team.objects.exclude(department=stage.department).delete()
    with time_machine.travel(MORNING, tick=False):
        decide_and_lock(stage, MORNING)
        ScoreSheet.objects.filter(juror=stage.juror).delete()
        stage.edition = Edition.objects.get(pk=stage.edition.pk)
        page = Page(client_of(dan), reverse("judging:index"))
        (part,) = [part for part in page.parts if part.id == "juries"]
        since = messages.last_id()

        act(stage, MORNING)

        link = reverse("judging:deliberation", args=[stage.department.code])
        assert link not in page.html
        assert link in page.fetched_again().html
        published = received_types(dan, stage.edition, since)
        assert shown.partition(".")[0] in {kind.partition(".")[0] for kind in published}
        assert shown in part.shows
