from typing import Any

import pytest

from hackathon.standby import selectors
from hackathon.standby.selectors import Replication


@pytest.fixture
def two_servers(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """This one is « salle »; the other one is connected, and answers no question."""
    settings.SERVER_NAME, settings.PEER = "salle", ""
    connected(monkeypatch, True)
    return settings


def connected(monkeypatch: pytest.MonkeyPatch, is_connected: bool, *, waits: bool = True) -> None:
    """What PostgreSQL says of the second server."""
    monkeypatch.setattr(selectors, "replication", lambda: Replication(is_connected, waits))
