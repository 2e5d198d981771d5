from datetime import timedelta
from typing import Any

from hackathon.base.core.received_files import received_file
from hackathon.day.stage import services as screens
from hackathon.day.stage.models import Projector
from hackathon.day.stage.projectors import services as projectors
from hackathon.event.editions.models import Brief
from hackathon.extras.brief_scene import services
from hackathon.extras.brief_scene.models import ScenePackage
from tests.access.roles import EVERYBODY, NOBODY_YET, ORGANIZER
from tests.conftest import NOON
from tests.extras import Cases, Rows

READS = {
    "brief_scene:edit": ORGANIZER,
    "brief_scene:package": EVERYBODY,  # who has the key of the projector
    "brief_scene:room-ready": NOBODY_YET,  # after the instant of the briefs
}
WRITES = {
    "brief_scene:edit": ORGANIZER,
    "brief_scene:report": EVERYBODY,  # who has the key of the projector
    "brief_scene:room-ready": NOBODY_YET,  # after the instant of the briefs
}
READY_KEY = "r" * 32
SENTENCES = {
    "brief_scene.changed": ({}, "Eve a modifié la scène du sujet."),
    "projector.readied": (
        {"name": "Amphi Est"},
        "La salle du projecteur « Amphi Est » est dite prête.",
    ),
    "projector.unreadied": (
        {"name": "Amphi Est"},
        "La salle du projecteur « Amphi Est » n’est plus dite prête.",
    ),
}


def _objects(world: Rows) -> Rows:
    Projector.objects.filter(pk=world["projector"].pk).update(ready_key=READY_KEY)
    return {"scene_package": services.pack(world["edition"].pk, at=NOON)}


def _secrets(world: Any, _role: str, marker: str) -> None:
    edition = world.objects["edition"]
    services.save(
        edition=edition,
        file=received_file(f"\0\0\0\x18ftyp {marker}".encode(), f"{marker}.mp4"),
        slide_seconds=5,
        works_offline=True,
        by=world.objects["organizer"],
        at=NOON,
    )
    package = services.pack(edition.pk, at=NOON)
    assert package is not None
    ScenePackage.objects.update(key=f"{marker}key")
    world.objects["scene_package"] = package


def _add_projector(ready: Any) -> None:
    projectors.save(edition=ready.edition, name="Amphi Est", room="", by=ready.eve, at=NOON)


def _expect_the_brief(ready: Any) -> None:
    _add_projector(ready)
    Brief.objects.update(published_at=NOON + timedelta(minutes=59))


def _forget_a_scene(ready: Any) -> None:
    _expect_the_brief(ready)
    services.pack(ready.edition.pk, at=NOON)
    screens.choose(edition=ready.edition, scene="pause", by=ready.eve, at=NOON)


CHECKS = {
    "brief_scene.contents": (_add_projector, lambda _r: Projector.objects.all().delete()),
    "brief_scene.shown": (
        _forget_a_scene,
        lambda r: screens.choose(edition=r.edition, scene="auto", by=r.eve, at=NOON),
    ),
    "brief_scene.loaded": (_expect_the_brief, lambda _r: Projector.objects.all().delete()),
}

CASES = Cases(
    reads=READS,
    writes=WRITES,
    fixed={("brief_scene:room-ready", "key"): READY_KEY},
    pk_of={("brief_scene:package", "pk"): "scene_package"},
    sentences=SENTENCES,
    checks=CHECKS,
    pages={"eve": [("brief_scene:edit", {"slug": "ccd-2020"})]},
    objects=_objects,
    secrets=_secrets,
)
