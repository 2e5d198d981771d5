from datetime import datetime
from types import SimpleNamespace
from typing import Any

from hackathon.extras.favourite import services
from hackathon.extras.favourite.models import Favourite, Tally
from tests.access.roles import EVERYBODY, ORGANIZER
from tests.conftest import NOON
from tests.extras import Cases, Rows
from tests.site.live_actions import MORNING
from tests.site.live_case import Case

READS = {
    "favourite:index": ORGANIZER,
    "favourite:vote": EVERYBODY,  # who votes is asked there
}
WRITES = {
    "favourite:badge": EVERYBODY,
    "favourite:badges": ORGANIZER,
    "favourite:close": ORGANIZER,
    "favourite:index": ORGANIZER,
    "favourite:open": ORGANIZER,
    "favourite:revoke": ORGANIZER,
    "favourite:vote": EVERYBODY,
}
SENTENCES = {
    "favourite.badges_printed": ({"n": 40}, "Eve a imprimé des badges de la salle : 40."),
    "favourite.badges_revoked": (
        {"first": 3, "last": 5, "n": 2},
        "Eve a annulé les badges de la salle 3 à 5 ; encore valables : 2.",
    ),
    "favourite.closed": (
        {"voters": 212},
        "Eve a fermé le vote du coup de cœur ; personnes : 212.",
    ),
    "favourite.dropped": ({}, "Eve a supprimé le vote du coup de cœur."),
    "favourite.opened": (
        {"teams": 8},
        "Eve a ouvert le vote du coup de cœur ; équipes pour lesquelles on vote : 8.",
    ),
    "favourite.prepared": (
        {"title": "Prix du public"},
        "Eve a préparé le vote du coup de cœur : « Prix du public ».",
    ),
}


def objects(world: Rows) -> Rows:
    edition, title = world["edition"], "Prix du public"
    act = {"by": world["organizer"], "at": NOON}
    services.prepare(edition=edition, title=title, only_presented=True, **act)
    return {"favourite": edition.favourite}


def _open(w: SimpleNamespace, at: datetime) -> None:
    services.open_by_hand(favourite=w.favourite, by=w.organizer, at=at)


def _secrets(_world: Any, _role: str, marker: str) -> None:
    favourite = Favourite.objects.get()
    Tally.objects.update_or_create(favourite=favourite, defaults={"votes": {marker: 1}})


CASES = Cases(
    reads=READS,
    writes=WRITES,
    sentences=SENTENCES,
    messages={"favourite.changed": Case(_open, MORNING)},
    pages={
        "ada": [("favourite:vote", {})],
        "eve": [("favourite:index", {"slug": "ccd-2020"})],
    },
    objects=objects,
    secrets=_secrets,
)
