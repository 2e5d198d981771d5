import contextlib
import json
import threading
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect


class Page:
    """A client of the live socket that behaves like `live.js`.

    It reconnects, to the next of `urls` in turn, asks for the messages that it missed, and counts
    those that arrive twice (`duplicates`).
    """

    def __init__(self, *urls: str, cookie: str = "") -> None:
        self._urls = list(urls)
        self._headers = {"Cookie": cookie} if cookie else {}
        self.received: list[dict[str, Any]] = []
        self.ids: set[int] = set()
        self.connections = 0
        self.duplicates = 0
        self.reloads_requested = 0
        self._last_id = 0
        self._closed = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def open(self) -> "Page":
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def close(self) -> None:
        self._closed.set()
        self._thread.join(60)

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in sorted(self.received, key=lambda m: m["id"])]

    def _live(self) -> None:
        while not self._closed.is_set():
            url = self._urls[0].replace("http", "ws") + "/ws/live/"
            with (
                contextlib.suppress(OSError, ConnectionClosed, InvalidHandshake, TimeoutError),
                connect(url, additional_headers=self._headers, open_timeout=60) as socket,
            ):
                self._listen(socket)
            self._urls.append(self._urls.pop(0))

    def _listen(self, socket: ClientConnection) -> None:
        while not self._closed.is_set():
            try:
                message = json.loads(socket.recv(0.2))
            except TimeoutError:
                continue
            if message["type"] == "live.ready":
                if not self._ready.is_set():  # a new page shows all earlier messages
                    self._last_id = message["id"]
                socket.send(json.dumps({"type": "resume", "after": self._last_id}))
            elif message["type"] == "live.resumed":
                self._last_id = max(self._last_id, message["id"])
                self.reloads_requested += not message["data"]["complete"]
                self.connections += 1
                self._ready.set()
            else:
                self._receive(message)

    def _receive(self, message: dict[str, Any]) -> None:
        if message["id"] in self.ids:
            self.duplicates += 1
            return
        self.received.append(message)
        self.ids.add(message["id"])
        self._last_id = max(self._last_id, message["id"])
