from datetime import datetime
from types import SimpleNamespace
from typing import Any

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.emergency import services
from hackathon.extras.emergency.models import Emergency, SafetyNotice
from tests.access.roles import EVERYBODY, ORGANIZER, SIGNED_IN
from tests.conftest import NOON
from tests.extras import Cases, Rows
from tests.site.live_case import Case

TEXT = "Poste de sécurité : 03 83 00 00 01"
READS = {
    "emergency:index": EVERYBODY,
    "emergency:calls": ORGANIZER,  # and the two who are named
    "emergency:settings": ORGANIZER,
    "emergency:poster": ORGANIZER,
}
WRITES = {
    "emergency:call": SIGNED_IN,
    "emergency:take": ORGANIZER,
    "emergency:close": ORGANIZER,
    "emergency:settings": ORGANIZER,
}
SENTENCES = {
    "safety.saved": ({}, "Eve a réglé « En cas de problème »."),
    "emergency.called": ({}, "Eve a prévenu l’organisation d’une urgence."),
    "emergency.taken": ({"user": 1}, "Eve s’occupe de l’urgence de Dan."),
    "emergency.closed": ({"user": 1}, "Eve a terminé l’urgence de Dan."),
    "emergency.escalated": ({}, "Personne n’avait répondu : toute l’organisation est prévenue."),
    "emergency.forgotten": ({"count": 2}, "Les textes des urgences sont effacés (2)."),
}


def objects(world: Rows) -> Rows:
    ben = User.objects.get(email="ben@example.org")
    emergency = services.call(edition=world["edition"], text="Malaise", by=ben, at=NOON)
    return {"emergency": emergency}


def _call(w: SimpleNamespace, at: datetime) -> None:
    services.call(edition=w.edition, text="Une chute", by=w.ada, at=at)


def _rewrite(w: SimpleNamespace, at: datetime) -> None:
    people: dict[str, Any] = {"first": None, "second": None, "by": w.organizer}
    services.save_notice(edition=w.edition, text=TEXT, **people, at=at)


def _secrets(world: Any, _role: str, marker: str) -> None:
    """Of a member who is none of the readers."""
    edition, team = world.objects["edition"], world.objects["team"]
    mate = team.memberships.get(user__name="Mia").user
    services.call(edition=edition, text=f"Malaise {marker}urgence", by=mate, at=NOON)
    services.take(
        emergency=Emergency.objects.get(called_by=mate), by=world.objects["organizer"], at=NOON
    )


def _ready(edition: Edition) -> None:
    SafetyNotice.objects.create(edition=edition, text=TEXT, **_two_organizers(edition))


def _two_organizers(edition: Edition) -> dict[str, User]:
    first, second = edition.organizers.order_by("pk")
    return {"first": first, "second": second}


CASES = Cases(
    reads=READS,
    writes=WRITES,
    unread={"emergency:calls": None},
    pk_of={"emergency:take": "emergency", "emergency:close": "emergency"},
    sentences=SENTENCES,
    messages={"emergency.changed": Case(_call), "safety.changed": Case(_rewrite)},
    pages={"": [("emergency:index", {})], "eve": [("emergency:calls", {})]},
    checks={
        "emergency.people": (
            lambda _r: SafetyNotice.objects.update(first=None, second=None),
            lambda r: SafetyNotice.objects.update(**_two_organizers(r.edition)),
        ),
    },
    readies=_ready,
    objects=objects,
    secrets=_secrets,
)
