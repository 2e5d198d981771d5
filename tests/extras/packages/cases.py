from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hackathon.extras.packages import services
from hackathon.extras.packages.models import BriefPackage
from tests.access.roles import JURY, SIGNED_IN, TEAM
from tests.conftest import NOON
from tests.extras import Cases, Rows
from tests.site.live_case import Case

READS = {
    "packages:content": TEAM | JURY,  # of the brief's department
    "packages:key": TEAM | JURY,  # from the brief's instant on
    "packages:index": SIGNED_IN,  # of the user's departments, empty for most
}
SENTENCES = {
    "brief.unlocked": (
        {},
        "Eve a ouvert le sujet du département Info-Com sur les pages qui l’attendaient.",
    ),
}


def _objects(world: Rows) -> Rows:
    at = world["brief"].published_at - timedelta(hours=1)
    return {"package": services.make(world["department"].pk, at=at)}


def _unlock(w: SimpleNamespace, at: datetime) -> None:
    assert services.unlock(pk=w.package.pk, at=at)


def _secrets(world: Any, _role: str, marker: str) -> None:
    """The brief is secret again since the package of the world was made."""
    package = services.make(world.objects["department"].pk, at=NOON)
    assert package is not None
    BriefPackage.objects.update(key=f"{marker}key")
    world.objects["package"] = package


CASES = Cases(
    reads=READS,
    pk_of={"packages:content": "package", "packages:key": "package"},
    sentences=SENTENCES,
    messages={"package.unlocked": Case(_unlock, shows=False)},  # packages.js opens what it fetched
    objects=_objects,
    secrets=_secrets,
)
