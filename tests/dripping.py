from typing import Any

import httpcore

from hackathon.base.core import outbound


class Dripping(httpcore.NetworkStream):
    """Each byte comes in time; all of them do not. The bytes move the clock of the limit."""

    seconds = 0.0

    def __init__(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(outbound.time, "monotonic", lambda: self.seconds)
        monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda *_: self)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.seconds += 1.0
        return b"H"

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        pass

    def close(self) -> None:
        pass

    def get_extra_info(self, info: str) -> Any:
        return None
