import re
import socketserver
import threading
from queue import SimpleQueue

from playwright.sync_api import ProxySettings

# What Chromium asks its maker by itself, about forms for instance.
OF_CHROMIUM = re.compile(r"CONNECT (?!fonts\.|ajax\.)[\w.-]+\.(googleapis|google|gvt1)\.com:\d+")
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class OtherHosts:
    """The proxy of all contexts: it gets every request that is not to this machine, also those of
    workers and sockets, and refuses it at once.
    """

    def __init__(self) -> None:
        lines: SimpleQueue[str] = SimpleQueue()

        class Refuse(socketserver.StreamRequestHandler):
            timeout = 10

            def handle(self) -> None:
                line = self.rfile.readline().decode()
                if not line:
                    return  # closed before its request: its page was closed at that moment
                lines.put(line.partition(" HTTP/")[0])
                while self.rfile.readline().strip():
                    pass  # the headers: a client that still sends them would get a reset
                self.wfile.write(REFUSED)

        self._lines = lines
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refuse)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.proxy: ProxySettings = {
            "server": f"http://127.0.0.1:{self._server.server_address[1]}",
            "bypass": "localhost,127.0.0.1",
        }

    def asked(self) -> list[str]:
        """The first lines of the requests since the last call: « CONNECT example.org:443 »."""
        lines = [self._lines.get() for _ in range(self._lines.qsize())]
        return [line for line in lines if not OF_CHROMIUM.fullmatch(line)]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
