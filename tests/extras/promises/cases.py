from datetime import datetime
from types import SimpleNamespace

from hackathon.extras.promises import services
from hackathon.extras.promises.addresses import key_of
from hackathon.extras.promises.codes import Typed
from tests.access.roles import EVERYBODY, ORGANIZER
from tests.addresses import World
from tests.extras import Cases
from tests.extras.promises.typed_codes import encode
from tests.site.live_case import Case

NAMED = {"name": "Dossier", "code": "K7QM2-XRD4P"}


def _key(world: World) -> str:
    return key_of(world.objects["team"].pk, world.objects["deliverable"].pk)


def _code(world: World) -> str:
    team, deliverable = world.objects["team"].pk, world.objects["deliverable"].pk
    return encode(Typed(team, deliverable, size=5, clock=0, digest="a" * 20))


def _promise(w: SimpleNamespace, at: datetime) -> None:
    promised = {"size": 5, "digest": "a" * 64, "client_at": at}
    services.make(w.team.pk, w.deliverable.pk, **promised, at=at)


CASES = Cases(
    reads={
        "promises:desk": ORGANIZER,
        "promises:promise": EVERYBODY,  # who has the key
    },
    writes={
        "promises:desk": ORGANIZER,
        "promises:end": ORGANIZER,
        "promises:promise": EVERYBODY,  # who has the key
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
    },
    messages={"submission.promised": Case(_promise)},
    pages={"eve": [("promises:desk", {"slug": "ccd-2020"})]},
)
