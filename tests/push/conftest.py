"""A push service on the loopback, and devices that it knows."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session

from hackathon.base.accounts.models import User
from hackathon.base.live.audiences import EVERYONE
from hackathon.base.push import sending, vapid
from hackathon.base.push.models import Subscription
from hackathon.day.announcements.models import Announcement
from hackathon.day.announcements.services import announcements
from tests.conftest import NOON

DEVICE_KEY = ec.generate_private_key(ec.SECP256R1())
AUTH = b"sixteen bytes..."
KEYS = {
    "p256dh": vapid.encoded(
        DEVICE_KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    ),
    "auth": vapid.encoded(AUTH),
}
GIVEN = {"endpoint": "https://push.example.net/send/1", **KEYS}


@dataclass
class PushService:
    url: str
    answers: list[int] = field(default_factory=list)  # 201 after the last of them
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def read(self, index: int = -1) -> dict[str, Any]:
        """As the browser decrypts it, by a library that is not ours."""
        _path, _headers, body = self.requests[index]
        plain = http_ece.decrypt(
            body, private_key=DEVICE_KEY, auth_secret=AUTH, version="aes128gcm"
        )
        return json.loads(plain)


@pytest.fixture(scope="module")
def running() -> Iterator[PushService]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.requests.append((self.path, dict(self.headers), body))
            self.send_response(made.answers.pop(0) if made.answers else 201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = PushService(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def service(running, monkeypatch) -> PushService:
    """It listens on the loopback, which real ones may not."""
    monkeypatch.setattr(sending, "is_public", lambda address: True)
    running.answers, running.requests = [], []
    return running


@pytest.fixture
def device(service, client_of) -> Callable[[User], Subscription]:
    def made(user: User, at: datetime = NOON) -> Subscription:
        key = client_of(user).session.session_key
        return Subscription.objects.create(
            user=user,
            session=Session.objects.get(pk=key),
            endpoint=f"{service.url}/{key}",
            language="fr",
            made_at=at - timedelta(minutes=1),
            **KEYS,
        )

    return made


@pytest.fixture
def announcement(edition, eve) -> Announcement:
    return announcements.announce(
        edition=edition,
        audience=EVERYONE,
        audience_label="Tout le monde",
        body="Les **pizzas** sont là & chaudes",
        by=eve,
        at=NOON,
    )
