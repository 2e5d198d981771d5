"""Firefox over WebDriver BiDi: only what a page from a disk needs."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.waiting import PATIENCE, wait_until

# Its own requests go nowhere, and those of pages neither.
PREFERENCES = """
user_pref("network.proxy.type", 1);
user_pref("network.proxy.socks", "127.0.0.1");
user_pref("network.proxy.socks_port", 9);
user_pref("app.normandy.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
"""


class Firefox:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._number = socket, 0
        self.call("session.new", capabilities={})
        self._context = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> Any:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE))
            if answer.get("id") == self._number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, path: Path) -> None:
        context = {"context": self._context, "wait": "complete"}
        self.call("browsingContext.navigate", url=path.as_uri(), **context)

    def evaluate(self, expression: str) -> Any:
        target = {"context": self._context}
        answer = self.call(
            "script.evaluate", expression=expression, target=target, awaitPromise=True
        )
        assert answer["type"] == "success", answer
        return answer["result"]

    def choose(self, selector: str, *files: Path) -> None:
        node = self.evaluate(f"document.querySelector({json.dumps(selector)})")
        element = {"sharedId": node["sharedId"]}
        names = [str(file) for file in files]
        self.call("input.setFiles", context=self._context, element=element, files=names)


@contextmanager
def running_firefox(program: str, directory: Path) -> Iterator[Firefox]:
    """`directory`: of its profile, which it makes."""
    profile = directory / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(PREFERENCES)
    log = directory / "firefox.log"
    command = [program, "--headless", "--no-remote", "--remote-debugging-port=0"]
    with log.open("w") as out:
        process = subprocess.Popen([*command, "--profile", str(profile)], stdout=out, stderr=out)
    try:
        wait_until(lambda: "BiDi listening on " in log.read_text())
        address = log.read_text().partition("BiDi listening on ")[2].split()[0]
        with connect(f"{address}/session", max_size=None) as socket:
            yield Firefox(socket)
    finally:
        process.terminate()
        process.wait()
