"""Open pages, as `live.js` is one: a socket that comes back by itself, elsewhere if need be, asks
for what it missed and drops what it knows.
"""

import contextlib
import json
import threading
import time
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect


class Page:
    """One page. It notes what it heard; it is never made anew."""

    def __init__(self, *urls: str, cookie: str = "") -> None:
        self._urls = list(urls)
        self._headers = {"Cookie": cookie} if cookie else {}
        self.heard: list[dict[str, Any]] = []
        self.heard_at: dict[int, float] = {}
        self.connections = 0
        self.again = 0  # messages that came a second time
        self.told_to_reload = 0
        self._last_id = 0
        self._over = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def open(self) -> "Page":
        """Returns once it is connected."""
        self._thread.start()
        assert self._ready.wait(60)
        return self

    def close(self) -> None:
        """For good."""
        self._over.set()
        self._thread.join(20)

    @property
    def types(self) -> list[str]:
        """What it heard, in the order of the ids."""
        return [message["type"] for message in sorted(self.heard, key=lambda m: m["id"])]

    def _live(self) -> None:
        while not self._over.is_set():
            url = self._urls[0].replace("http", "ws") + "/ws/live/"
            with (
                contextlib.suppress(OSError, ConnectionClosed, InvalidHandshake, TimeoutError),
                connect(url, additional_headers=self._headers, open_timeout=10) as socket,
            ):
                self._listen(socket)
            self._urls.append(self._urls.pop(0))
            time.sleep(0.1)

    def _listen(self, socket: ClientConnection) -> None:
        while not self._over.is_set():
            try:
                message = json.loads(socket.recv(0.2))
            except TimeoutError:
                continue
            if message["type"] == "live.ready":
                if not self._ready.is_set():  # what was said before is on the page
                    self._last_id = message["id"]
                socket.send(json.dumps({"type": "resume", "after": self._last_id}))
            elif message["type"] == "live.resumed":
                self._last_id = max(self._last_id, message["id"])
                self.told_to_reload += not message["data"]["complete"]
                self.connections += 1
                self._ready.set()
            else:
                self._receive(message)

    def _receive(self, message: dict[str, Any]) -> None:
        if message["id"] in self.heard_at:
            self.again += 1
            return
        self.heard.append(message)
        self.heard_at[message["id"]] = time.time()
        self._last_id = max(self._last_id, message["id"])
