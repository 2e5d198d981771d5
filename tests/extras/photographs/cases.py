from datetime import datetime
from types import SimpleNamespace
from typing import Any

from hackathon.extras.photographs import services
from hackathon.extras.photographs.models import Photograph
from tests.access.roles import EVERYBODY, NOBODY_YET, ORGANIZER, STUDENTS, TEAM
from tests.conftest import NOON
from tests.extras import Cases, Rows
from tests.extras.photographs.pictures import drawn
from tests.judging.conftest import MORNING
from tests.site.live_case import Case

READS = {
    "photographs:edit": ORGANIZER,
    "photographs:index": ORGANIZER,
    "photographs:large": ORGANIZER,
    "photographs:public-index": NOBODY_YET,
    "photographs:public-large": NOBODY_YET,
    "photographs:public-small": NOBODY_YET,
    "photographs:sheet": ORGANIZER,
    "photographs:small": ORGANIZER,
}
WRITES = {
    "photographs:answer": STUDENTS,
    "photographs:edit": ORGANIZER,
    "photographs:index": ORGANIZER,
    "photographs:remove": ORGANIZER,
}
SENTENCES = {
    "photograph.changed": ({}, "Eve a réglé une photo de la journée."),
    "photograph.removed": ({}, "Eve a supprimé une photo de la journée."),
    "photographs.added": ({"n": 3}, "Eve a ajouté des photos de la journée (3)."),
}
OF_ONE = ("edit", "large", "remove", "small", "public-large", "public-small")


def objects(world: Rows) -> Rows:
    """A picture of ada's team, which has not agreed: nobody but organizers sees it."""
    edition, eve = world["edition"], world["organizer"]
    services.keep(edition, [drawn("groupe.jpg")], by=eve, at=NOON)
    photograph = Photograph.objects.get(edition=edition)
    photograph.teams.add(world["team"])
    return {"photograph": photograph}


def _secrets(world: Any, role: str, marker: str) -> None:
    """The caption of a picture that is not public, for all but those whom it names: they have it in
    their own data.
    """
    if role in TEAM:
        return
    Photograph.objects.filter(edition=world.objects["edition"]).update(
        caption=f"Lancement {marker}photo"
    )


def _answer(w: SimpleNamespace, at: datetime) -> None:
    services.answer(w.edition, w.ada, agrees=True, at=at)


def _show(w: SimpleNamespace, at: datetime) -> None:
    services.keep(w.edition, [drawn("salle.jpg")], by=w.organizer, at=at)
    pk = Photograph.objects.order_by("added_at", "position").last().pk  # type: ignore[union-attr]
    values = {"caption": "Lancement H-14", "teams": [], "shows_nobody": True, "position": None}
    services.change(edition=w.edition, pk=pk, by=w.organizer, at=at, **values)


CASES = Cases(
    reads=READS,
    published_reads={"photographs:public-index": EVERYBODY},
    writes=WRITES,
    unread=dict.fromkeys(f"photographs:{name}" for name in ("large", "sheet", "small")),
    bodies={"photographs:answer": lambda _world: {"agrees": "yes"}},
    pk_of={f"photographs:{name}": "photograph" for name in OF_ONE},
    sentences=SENTENCES,
    messages={
        "image_right.answered": Case(_answer),
        "photograph.changed": Case(_show, MORNING),
    },
    pages={"eve": [("photographs:index", {"slug": "ccd-2020"})]},
    objects=objects,
    secrets=_secrets,
)
