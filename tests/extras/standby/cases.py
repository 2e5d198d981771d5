from types import SimpleNamespace

from hackathon.extras.standby.models import Standby
from tests.access.roles import ORGANIZER
from tests.extras import Cases


def name_server(ready: SimpleNamespace) -> None:
    ready.settings.SERVER_NAME = "salle"


def wait_for_one_that_is_away(ready: SimpleNamespace) -> None:
    name_server(ready)
    Standby.objects.create(pk=1, server="salle", epoch=1, strict=True)


CASES = Cases(
    writes={"standby:strict": ORGANIZER},
    sentences={
        "standby.asynchronous": (
            {},
            "Eve a choisi qu’un dépôt soit confirmé avant sa copie sur le second serveur.",
        ),
        "standby.strict": (
            {},
            "Eve a choisi qu’un dépôt ne soit confirmé qu’une fois sur les deux serveurs.",
        ),
        "standby.taken_over": (
            {"server": "portable", "epoch": 2},
            "Le serveur « portable » a pris le relais.",
        ),
    },
    checks={
        "server.standby": (name_server, lambda ready: setattr(ready.settings, "SERVER_NAME", "")),
        "server.strict": (
            wait_for_one_that_is_away,
            lambda _ready: Standby.objects.update(strict=False),
        ),
    },
    starts={"hackathon/extras/standby/copies.py": "run"},  # rsync, to the second server
)
