from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine

from hackathon.extras.standby import selectors
from hackathon.extras.standby.selectors import Replication
from tests.conftest import NOON
from tests.submissions.tus.conftest import server, tonight, tus, tus_of  # noqa: F401


@pytest.fixture
def two_servers(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """This one is « salle »; the other one is connected, and answers no question."""
    settings.SERVER_NAME, settings.PEER = "salle", ""
    settings.DATA_DIR = tmp_path
    connected(monkeypatch, True)
    return settings


def connected(monkeypatch: pytest.MonkeyPatch, is_connected: bool, *, waits: bool = True) -> None:
    """What PostgreSQL says of the second server."""
    monkeypatch.setattr(selectors, "replication", lambda: Replication(is_connected, waits))


@pytest.fixture
def now_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield
