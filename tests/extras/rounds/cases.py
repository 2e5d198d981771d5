from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.rounds import services
from hackathon.extras.rounds.enums import Progress
from hackathon.extras.rounds.models import CheckIn
from tests.access.roles import JURY, ORGANIZER, STUDENTS, TEAM
from tests.conftest import NOON
from tests.extras import Cases, Rows
from tests.site.live_case import Case

READS = {
    "rounds:answer": STUDENTS,
    "rounds:answers": ORGANIZER,  # and tutors who are in no jury
    "rounds:ask": ORGANIZER,
    "rounds:index": JURY | ORGANIZER,
}
WRITES = {
    "rounds:answer": STUDENTS,
    "rounds:ask": ORGANIZER,
    "rounds:cancel": ORGANIZER,
    "rounds:see": JURY | ORGANIZER,
    "rounds:synchronise": JURY | ORGANIZER,
    "rounds:unsee": JURY | ORGANIZER,
}

SENTENCES = {
    "check_in.answered": (
        {"team": 1, "progress": "behind"},
        "Eve a dit où en est l’équipe « Les Pixels » : Un peu en retard.",
    ),
    "check_in.asked": (
        {"asks_at": "2020-02-14T07:00:00+00:00"},
        "Eve demande à toutes les équipes où elles en sont : 14 février 2020, 8:00.",
    ),
    "check_in.cancelled": (
        {"asks_at": "2020-02-14T07:00:00+00:00"},
        "Eve a annulé la question aux équipes (14 février 2020, 8:00).",
    ),
    "round.seen": ({"team": 1}, "Eve a vu l’équipe « Les Pixels » pendant sa ronde."),
    "round.unseen": ({"team": 1}, "Eve a effacé que l’équipe « Les Pixels » était vue."),
}


def objects(world: Rows) -> Rows:
    team, eve = world["team"], world["organizer"]
    check_in = services.ask(edition=world["edition"], by=eve, at=NOON)
    services.answer(
        check_in=check_in,
        team=team,
        progress=Progress.BEHIND,
        text="Le logo",
        by=team.memberships.get(is_captain=True).user,
        at=NOON,
    )
    services.see(team=team, by=world["juror"].user, note="Bonne équipe", at=NOON)
    return {"check_in": check_in}


def _answer(w: SimpleNamespace, at: datetime) -> None:
    given = {"progress": Progress.STUCK, "text": "Le site", "by": w.ada, "at": at}
    services.answer(check_in=w.check_in, team=w.team, **given)


def _ask(w: SimpleNamespace, at: datetime) -> None:
    services.ask(edition=w.edition, by=w.organizer, at=at)


def _see(w: SimpleNamespace, at: datetime) -> None:
    services.see(team=w.other, by=w.president.user, at=at)


def _secrets(world: Any, role: str, marker: str) -> None:
    """Members read what their team says."""
    team, eve = world.objects["team"], world.objects["organizer"]
    services.see(team=team, by=eve, note=f"{marker}note", at=NOON)
    if role not in TEAM:
        services.answer(
            check_in=world.objects["check_in"],
            team=team,
            progress=Progress.STUCK,
            text=f"{marker}reponse",
            by=User.objects.get(email="ada@example.org"),
            at=NOON,
        )


def _asked_later(edition: Edition) -> datetime:
    asks_at = edition.starts_at + timedelta(hours=7, minutes=30)
    by = edition.organizers.get()
    CheckIn.objects.get_or_create(edition=edition, asks_at=asks_at, defaults={"asked_by": by})
    return asks_at


CASES = Cases(
    reads=READS,
    writes=WRITES,
    bodies={"rounds:synchronise": lambda _world: '{"for": 0, "changes": []}'},
    pk_of={"rounds:cancel": "check_in", "rounds:see": "team", "rounds:unsee": "team"},
    sentences=SENTENCES,
    messages={
        "check_in.answered": Case(_answer),
        "check_in.changed": Case(_ask, NOON + timedelta(hours=1)),
        "round.changed": Case(_see),
    },
    pages={"dan": [("rounds:index", {})], "eve": [("rounds:answers", {})]},
    instants={"check_in": _asked_later},
    objects=objects,
    secrets=_secrets,
)
