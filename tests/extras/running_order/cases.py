from datetime import datetime, timedelta
from types import SimpleNamespace

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.running_order import services
from hackathon.extras.running_order.models import Step
from tests.access.roles import DESK, ORGANIZER
from tests.conftest import NOON
from tests.extras import Cases, Rows
from tests.site.live_case import Case

READS = {
    "running_order:edit": ORGANIZER,
    "running_order:index": ORGANIZER | DESK,  # and helpers who are in no jury
    "running_order:sheet": ORGANIZER,
}
WRITES = {
    "running_order:edit": ORGANIZER,
    "running_order:propose": ORGANIZER,
    "running_order:tick": ORGANIZER | DESK,
}
SENTENCES = {
    "steps.proposed": (
        {"count": 9},
        "Eve a rempli le déroulé de l’organisation (9 lignes).",
    ),
    "step.saved": ({"title": "Repas"}, "Eve a enregistré l’étape « Repas » du déroulé."),
    "step.deleted": ({"title": "Repas"}, "Eve a retiré l’étape « Repas » du déroulé."),
    "step.done": ({"title": "Repas"}, "Eve a coché l’étape « Repas »."),
    "step.undone": ({"title": "Repas"}, "Eve a décoché l’étape « Repas »."),
}


def objects(world: Rows) -> Rows:
    at = NOON - timedelta(minutes=10)
    return {"step": Step.objects.create(edition=world["edition"], at=at, title="Repas", who="Gil")}


def _tick(w: SimpleNamespace, at: datetime) -> None:
    services.tick(step=w.step, done=True, by=w.organizer, at=at)


def _secrets(_world: object, role: str, marker: str) -> None:
    if role in DESK:
        return
    edition = Edition.objects.get(is_current=True)
    Step.objects.create(edition=edition, at=NOON, title=f"Secret {marker}deroule")


def _crowd(edition: Edition, _by: User) -> None:
    Step.objects.bulk_create(
        Step(edition=edition, at=NOON + timedelta(minutes=n), title=f"Étape {n}") for n in range(60)
    )


CASES = Cases(
    reads=READS,
    writes=WRITES,
    pk_of={"running_order:tick": "step"},
    sentences=SENTENCES,
    messages={"step.changed": Case(_tick)},
    pages={"eve": [("running_order:index", {})]},
    objects=objects,
    secrets=_secrets,
    crowd=_crowd,
)
