from collections.abc import Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from hackathon.extras.promises import services
from hackathon.extras.promises.codes import Typed
from hackathon.extras.promises.models import Promise
from tests.access.roles import EVERYBODY, ORGANIZER, STUDENTS, TEAM
from tests.addresses import World
from tests.conftest import NOON
from tests.extras import Cases
from tests.extras.promises.making import digest_of, key_of
from tests.extras.promises.typed_codes import encode
from tests.site.live_case import Case

NAMED = {"name": "Dossier", "code": "K7QM2-XRD4P"}


def _key(world: World) -> str:
    return key_of(world.objects["team"], world.objects["deliverable"])


def _code(world: World) -> str:
    team, deliverable = world.objects["team"].pk, world.objects["deliverable"].pk
    return encode(Typed(team, deliverable, size=5, clock=0, digest="a" * 20))


def _promise(w: SimpleNamespace, at: datetime) -> None:
    promised = {"size": 5, "digest": "a" * 64, "client_at": at}
    services.make(w.team.pk, w.deliverable.pk, **promised, at=at)


def _void(w: SimpleNamespace, at: datetime) -> None:
    services.void(Promise.objects.valid().get(), by=w.ada, at=at)


def _objects(world: Mapping[str, Any]) -> dict[str, Any]:
    """Voided, so that pages of the core show what they show without it."""
    promised = {"size": 5, "digest": digest_of(b"other"), "client_at": None, "at": NOON}
    made = services.make(world["team"].pk, world["deliverable"].pk, **promised)
    services.void(made, by=world["team"].memberships.first().user, at=NOON)
    return {"promise": made}


CASES = Cases(
    objects=_objects,
    pk_of={"promises:void": "promise", "promises:not-ours": "promise"},
    reads={
        "promises:desk": ORGANIZER,
        "promises:promise": EVERYBODY,  # who has the key
    },
    writes={
        "promises:desk": ORGANIZER,
        "promises:end": ORGANIZER,
        "promises:promise": EVERYBODY,  # who has the key
        "promises:void": ORGANIZER,
        "promises:not-ours": TEAM,
        "promises:renew-key": STUDENTS,
    },
    bodies={
        "promises:desk": lambda world: {"code": _code(world)},
        "promises:end": lambda _world: {"promise_minutes": "10"},
    },
    fixed={
        ("promises:promise", "key"): _key,
        ("promises:promise", "promised"): f"5-{'a' * 64}-1581595200",
    },
    sentences={
        "promise.received": (
            NAMED,
            "Eve a reçu l’engagement K7QM2-XRD4P de l’équipe « Les Pixels » pour « Dossier ».",
        ),
        "promise.kept": (
            NAMED,
            "Eve a tenu l’engagement K7QM2-XRD4P de l’équipe « Les Pixels » : « Dossier ».",
        ),
        "promise.voided": (
            NAMED,
            "Eve a annulé l’engagement K7QM2-XRD4P de l’équipe « Les Pixels » pour « Dossier ».",
        ),
        "promise_key.renewed": (
            {},
            "Eve a changé le carré à scanner de l’équipe « Les Pixels ».",
        ),
    },
    messages={
        "submission.promised": Case(_promise),
        "submission.unpromised": Case(_void, before=_promise),
        "promise.changed": Case(lambda w, at: services.renew_key(w.team, by=w.ada, at=at)),
    },
    pages={"eve": [("promises:desk", {"slug": "ccd-2020"})]},
)
