"""A server that speaks CAS 3.0, with attributes as French universities send them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.sax.saxutils import escape

FAILURE = '<cas:authenticationFailure code="INVALID_TICKET">No</cas:authenticationFailure>'


@dataclass
class CasServer:
    url: str = ""
    person: str = "dupont1u"  # who signs in
    attributes: dict[str, list[str]] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)  # ticket → service; used once
    is_broken: bool = False

    def sign_in(self, url: str) -> str:
        """As a browser at `/login`: the address to which it is sent back."""
        service = parse_qs(urlsplit(url).query)["service"][0]
        ticket = f"ST-{len(self.tickets) + 1}-secret"
        self.tickets[ticket] = service
        return f"{service}{'&' if '?' in service else '?'}{urlencode({'ticket': ticket})}"

    def validated(self, service: str, ticket: str) -> str:
        if self.is_broken:
            return "<html>Maintenance</p>"
        if self.tickets.get(ticket) != service:
            return _response(FAILURE)
        self.tickets[ticket] = ""
        attributes = "".join(
            f"<cas:{name}>{escape(value)}</cas:{name}>"
            for name, values in self.attributes.items()
            for value in values
        )
        return _response(
            f"<cas:authenticationSuccess><cas:user>{self.person}</cas:user>"
            f"<cas:attributes>{attributes}</cas:attributes></cas:authenticationSuccess>"
        )


def _response(content: str) -> str:
    name = "http://www.yale.edu/tp/cas"
    return f"<cas:serviceResponse xmlns:cas='{name}'>{content}</cas:serviceResponse>"


@contextmanager
def cas_server() -> Iterator[CasServer]:
    cas = CasServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            if url.path == "/cas/p3/serviceValidate":
                self._answer(200, cas.validated(query["service"], query["ticket"]))
            elif url.path == "/cas/login":
                self._answer(302, "", Location=cas.sign_in(self.path))
            elif url.path == "/cas/logout":
                self._answer(302, "", Location=query["service"])
            else:
                self._answer(404, "")

        def _answer(self, status: int, text: str, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    cas.url = f"http://127.0.0.1:{server.server_port}/cas"
    yield cas
    server.shutdown()
    server.server_close()
