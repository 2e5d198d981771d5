from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.presence import services
from hackathon.extras.presence.enums import TickKind
from hackathon.extras.presence.models import Moment, Tick
from hackathon.extras.presence.services import Given
from tests.access.roles import EVERYBODY, ORGANIZER, READER, STUDENTS
from tests.conftest import NOON
from tests.extras import Cases, Rows
from tests.site.live_case import Case

NOTING = ORGANIZER | frozenset(["dora"])

READS = {
    "presence:absences": ORGANIZER,
    "presence:building": NOTING,
    "presence:card": STUDENTS,
    "presence:codes": ORGANIZER,
    "presence:index": ORGANIZER,
    "presence:list": NOTING,
    "presence:moments": ORGANIZER,
    "presence:own": STUDENTS | NOTING | READER,  # who notes presence is led to the list
    "presence:people": ORGANIZER,
    "presence:worker": EVERYBODY,
}
WRITES = {
    "presence:absences": ORGANIZER,
    "presence:index": ORGANIZER,
    "presence:moments": ORGANIZER,
    "presence:own": STUDENTS,
    "presence:synchronise": NOTING,
}
SENTENCES = {
    "presence.ticked": (
        {"name": "Matin", "count": 4},
        "Eve a noté la présence à « Matin » (4).",
    ),
    "presence.said": ({"name": "Matin"}, "Eve a dit être là, à « Matin »."),
    "presence.set_up": ({}, "Eve a réglé qui note la présence, et qui la confirme."),
    "presence.exported": ({}, "Eve a téléchargé la liste des présences."),
    "moment.saved": ({"name": "Matin"}, "Eve a enregistré le moment d’appel « Matin »."),
    "moment.deleted": ({"name": "Matin"}, "Eve a retiré le moment d’appel « Matin »."),
}


def objects(world: Rows) -> Rows:
    moment = Moment.objects.create(edition=world["edition"], name="Matin", at=NOON)
    return {"moment": moment}


def _tick(w: SimpleNamespace, at: datetime) -> None:
    given = Given(uuid4(), w.ada.pk, w.moment.pk, TickKind.HERE, at)
    services.tick(w.edition, [given], by=w.organizer, at=at)


def _set_up(w: SimpleNamespace, at: datetime) -> None:
    services.set_up(w.edition, confirms=False, helpers_tick=False, by=w.organizer, at=at)


def _secrets(world: Any, _role: str, marker: str) -> None:
    """The name of a moment is read by those who note presence, and by members."""


def _crowd(edition: Edition, by: User) -> None:
    """All members were seen, apart from one of forty."""
    moment = Moment.objects.get_or_create(edition=edition, name="Matin", defaults={"at": NOON})[0]
    known = set(moment.ticks.values_list("user", flat=True))
    members = edition.memberships.order_by("pk").values_list("user", flat=True)
    Tick.objects.bulk_create(
        Tick(
            key=uuid4(),
            moment=moment,
            user_id=pk,
            kind=TickKind.HERE,
            made_at=NOON - timedelta(minutes=number % 30),
            seen_at=NOON - timedelta(minutes=number % 30),
            made_by=by,
        )
        for number, pk in enumerate(members)
        if number % 40 and pk not in known
    )


CASES = Cases(
    reads=READS,
    writes=WRITES,
    unread=dict.fromkeys(("presence:codes", "presence:list")),
    bodies={"presence:synchronise": lambda _world: '{"for": 0, "changes": []}'},
    sentences=SENTENCES,
    targets={"moment": "presence.moment:1"},
    messages={"presence.ticked": Case(_tick), "presence.set_up": Case(_set_up, shows=False)},
    pages={"ada": [("presence:own", {})], "eve": [("presence:list", {})]},
    instants={"presence": lambda edition: edition.presence_moments.get().at},
    objects=objects,
    crowd=_crowd,
)
