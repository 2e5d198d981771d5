import re
import socket

from playwright.sync_api import ProxySettings

# What Chromium asks its maker by itself, about forms for instance.
OF_CHROMIUM = re.compile(r"CONNECT (?!fonts\.|ajax\.)[\w.-]+\.(googleapis|google|gvt1)\.com:\d+")


class OtherHosts:
    """The proxy of all contexts: it gets every request that is not to this machine, also those of
    workers and sockets, and refuses it.
    """

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self.proxy: ProxySettings = {
            "server": "http://127.0.0.1:{1}".format(*self._listener.getsockname()),
            "bypass": "localhost,127.0.0.1",
        }

    def asked(self) -> list[str]:
        """The first lines of the requests since the last call: « CONNECT example.org:443 »."""
        lines: list[str] = []
        while True:
            try:
                connection, _address = self._listener.accept()
            except BlockingIOError:
                return [line for line in lines if not OF_CHROMIUM.fullmatch(line)]
            with connection:
                connection.settimeout(10)
                lines.append(connection.recv(1000).decode().partition(" HTTP/")[0])

    def close(self) -> None:
        self._listener.close()
