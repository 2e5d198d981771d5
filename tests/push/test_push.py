"""What a device gets, from the opt-in to what its push service receives and only it can read."""

import json
import threading
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier
from typing import Any

import http_ece
import pytest
import time_machine
from celery.exceptions import Retry
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, TestCase
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.accounts.services import sign_out_everywhere
from hackathon.announcements.models import Announcement
from hackathon.announcements.services import announcements
from hackathon.core import live
from hackathon.core.errors import Refused
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Edition
from hackathon.push import sending, services, tasks, vapid
from hackathon.push.models import Delivery, Subscription
from judging.models import Juror
from submissions import periodic
from submissions.extensions import services as extensions
from submissions.models import Deliverable
from teams.enums import HelpKind
from teams.models import Membership, Team
from teams.services import calls
from tests.conftest import DEADLINE, NOON

pytestmark = [pytest.mark.django_db, pytest.mark.database]

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
def service(running: PushService, monkeypatch: pytest.MonkeyPatch) -> PushService:
    """It listens on the loopback, which real ones may not."""
    monkeypatch.setattr(sending, "is_public", lambda address: True)
    running.answers, running.requests = [], []
    return running


@pytest.fixture
def device(
    service: PushService, client_of: Callable[[User], Client]
) -> Callable[[User], Subscription]:
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
def announcement(edition: Edition, eve: User) -> Announcement:
    return announcements.announce(
        edition=edition,
        audience=live.EVERYONE,
        audience_label="Tout le monde",
        body="Les **pizzas** sont là & chaudes",
        by=eve,
        at=NOON,
    )


@contextmanager
def working(at: datetime = NOON) -> Iterator[None]:
    """Tasks run, as after a commit."""
    with (
        time_machine.travel(at, tick=False),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        yield


def say(announcement: Announcement, at: datetime = NOON) -> None:
    with working(at):
        tasks.notify("announcement", announcement.pk, announcement.revision)


# ---------------------------------------------------------------- opting in and out


def test_a_person_turns_notifications_on_and_off_for_one_browser(
    ada: User, client_of: Callable[[User], Client]
) -> None:
    phone, laptop = client_of(ada), client_of(ada)
    page = phone.get(reverse("accounts:profile")).content.decode()

    answers = [
        phone.post(reverse("push:subscribe"), GIVEN).status_code,
        phone.post(reverse("push:subscribe"), GIVEN).status_code,
        laptop.post(reverse("push:subscribe"), {**GIVEN, "endpoint": "https://b.example.net/2"}),
    ]

    assert answers[:2] == [204, 204]
    assert vapid.public_key() in page
    assert "Google, Apple, Mozilla ou Microsoft" in page
    assert Subscription.objects.filter(user=ada).count() == 2
    phone.post(reverse("push:unsubscribe"))
    (left,) = Subscription.objects.all()
    assert left.endpoint == "https://b.example.net/2"
    acts = JournalEntry.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["device.subscribed", "device.subscribed", "device.unsubscribed"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"endpoint": "http://push.example.net/1"}, "push_unreadable"),
        ({"endpoint": "https://[::1/"}, "push_unreadable"),
        ({"endpoint": "https://push.example.net:8443/1"}, "push_not_public"),
        ({"endpoint": "https://127.0.0.1/1"}, "push_not_public"),
        ({"endpoint": "https://[::ffff:169.254.169.254]/latest"}, "push_not_public"),
        ({"endpoint": "https://database/1"}, "push_not_public"),
        ({"endpoint": "https://site.internal/1"}, "push_not_public"),
        ({"p256dh": "AAAA"}, "push_unreadable"),
        ({"auth": "short"}, "push_unreadable"),
    ],
)
def test_what_is_no_push_service_is_refused(
    changed: dict[str, str], code: str, ada: User, client_of: Callable[[User], Client]
) -> None:
    browser = client_of(ada)

    with pytest.raises(Refused) as refused:
        services.subscribe(
            user=ada,
            session_key=browser.session.session_key or "",
            language="fr",
            at=NOON,
            **{**GIVEN, **changed},
        )
    answer = browser.post(reverse("push:subscribe"), {**GIVEN, **changed})

    assert refused.value.refusal.code == code
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_signing_out_forgets_the_device_and_disabling_the_account_all_of_them(
    ada: User, ben: User, client_of: Callable[[User], Client], comunik: Team
) -> None:
    phone, laptop = client_of(ada), client_of(ben)
    phone.post(reverse("push:subscribe"), GIVEN)
    laptop.post(reverse("push:subscribe"), {**GIVEN, "endpoint": "https://b.example.net/2"})

    phone.post(reverse("account_logout"))

    assert list(Subscription.objects.values_list("user", flat=True)) == [ben.pk]
    ben.is_active = False
    ben.save()
    assert not Subscription.objects.exists()


# ---------------------------------------------------------------- what is sent


def test_the_browser_alone_reads_the_message_and_the_service_knows_who_sends(
    service: PushService,
    device: Callable[[User], Subscription],
    announcement: Announcement,
    comunik: Team,
    ada: User,
) -> None:
    device(ada)

    say(announcement, NOON + timedelta(minutes=1))

    assert service.read() == {
        "title": "Tout le monde · Crazy Charly Day 2020",
        "body": "Les pizzas sont là & chaudes",
        "tag": f"announcement:{announcement.stamp}",
        "url": reverse("announcements:list"),
    }
    (_path, headers, body) = service.requests[0]
    assert b"pizzas" not in body
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["TTL"] == str(4 * 3600 - 60)
    scheme, token, key = headers["Authorization"].replace("t=", "").replace("k=", "").split(" ")
    signed, _dot, signature = token.rstrip(",").rpartition(".")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), vapid.decoded(key))
    raw = vapid.decoded(signature)
    numbers = (int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point.verify(encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(SHA256()))
    claims = json.loads(urlsafe_b64decode(signed.split(".")[1] + "=="))
    assert (scheme, claims["aud"]) == ("vapid", service.url)
    assert claims["exp"] == (NOON + timedelta(hours=12, minutes=1)).timestamp()


def test_a_device_gets_each_message_once_and_those_of_its_time(
    service: PushService,
    device: Callable[..., Subscription],
    announcement: Announcement,
    comunik: Team,
    ada: User,
    ben: User,
    eve: User,
) -> None:
    device(ada)
    device(ben, NOON + timedelta(hours=1))  # after the announcement
    service.answers = [503]

    with pytest.raises(Retry):  # Celery tries again
        say(announcement)
    say(announcement)
    say(announcement)

    assert len(service.requests) == 2
    with time_machine.travel(NOON + timedelta(hours=2)):
        announcements.correct(
            announcement=announcement,
            body="Demain",
            pinned=False,
            by=eve,
            at=NOON + timedelta(hours=2),
        )
    say(announcement, NOON + timedelta(hours=2))  # the former revision
    announcement.refresh_from_db()
    say(announcement, NOON + timedelta(hours=2))
    assert len(service.requests) == 4
    assert service.read()["body"] == "Demain"
    assert Delivery.objects.filter(sent_at=None).count() == 0


def test_nothing_is_said_early_late_or_after_a_withdrawal(
    service: PushService, device: Callable[..., Subscription], edition: Edition, eve: User
) -> None:
    device(eve)
    secret = announcements.announce(
        edition=edition,
        audience=live.EVERYONE,
        audience_label="Tout le monde",
        body="Le lieu secret",
        publish_at=NOON + timedelta(hours=1),
        by=eve,
        at=NOON,
    )

    say(secret)
    announcements.push_if_due(pk=secret.pk, at=NOON + timedelta(hours=1))
    say(secret, NOON + timedelta(hours=6))
    announcements.withdraw(announcement=secret, by=eve, at=NOON + timedelta(hours=2))
    say(secret, NOON + timedelta(hours=2))

    assert service.requests == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_whose_service_says_that_it_is_gone_is_forgotten(
    status: int,
    service: PushService,
    device: Callable[[User], Subscription],
    announcement: Announcement,
    comunik: Team,
    ada: User,
) -> None:
    device(ada)
    service.answers = [status]

    say(announcement)

    assert not Subscription.objects.exists()


def test_an_address_inside_the_own_network_gets_no_request(
    service: PushService,
    device: Callable[[User], Subscription],
    announcement: Announcement,
    comunik: Team,
    ada: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    device(ada)

    say(announcement)

    assert service.requests == []
    assert not Subscription.objects.exists()


def test_who_has_left_the_team_or_was_signed_out_everywhere_gets_nothing(
    service: PushService,
    device: Callable[[User], Subscription],
    edition: Edition,
    comunik: Team,
    ada: User,
    ben: User,
    eve: User,
) -> None:
    device(ada)
    device(ben)
    to_team = announcements.announce(
        edition=edition,
        audience=live.team_audience(comunik.pk),
        audience_label="Com’unik",
        body="Rendez-vous en 214",
        by=eve,
        at=NOON,
    )
    pks = list(Subscription.objects.values_list("pk", flat=True))

    # Queued while both were members.
    Membership.objects.filter(user=ben).delete()
    sign_out_everywhere(ada, by=ada, at=NOON)
    with time_machine.travel(NOON, tick=False):
        tasks.send_batch("announcement", [to_team.pk, 0], pks)

    assert service.requests == []


def test_two_workers_send_one_message_once(
    transactional_db: None, device: Callable[[User], Subscription], ada: User
) -> None:
    found = device(ada)
    together = Barrier(4, timeout=20)

    def claim(_: int) -> bool:
        together.wait()
        try:
            return services.claim(found, "announcement:a1-0", at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(claim, range(4))) == [False, False, False, True]


# ---------------------------------------------------------------- calls and the last minutes


def test_a_team_hears_that_its_call_is_taken(
    service: PushService,
    device: Callable[[User], Subscription],
    comunik: Team,
    ada: User,
    cleo: User,
    dan: Juror,
) -> None:
    device(ada)
    device(cleo)
    call = calls.request(team=comunik, kind=HelpKind.TEACHER, by=ada, at=NOON)
    with working():
        tasks.notify("call", call.pk)
    with working():
        calls.claim(call=call, by=dan.user, at=NOON)
        tasks.notify("call", call.pk)

    assert len(service.requests) == 1
    assert service.read()["title"] == "On s’occupe de votre appel"
    assert service.read()["url"] == reverse("teams:mine")


def test_silent_teams_hear_of_their_own_last_minutes(
    service: PushService,
    device: Callable[..., Subscription],
    edition: Edition,
    comunik: Team,
    pixels: Team,
    dossier: Deliverable,
    ada: User,
    ben: User,
    cleo: User,
    eve: User,
) -> None:
    for user in (ada, cleo):  # nothing is asked of cleo's department
        device(user)
    extensions.grant(edition, team=comunik, minutes=15, reason="Panne", by=eve, at=NOON)
    said = []

    for minutes in (-31, -30, -20, -15, -14, -10, 5, 6):
        service.requests.clear()
        with working(DEADLINE + timedelta(minutes=minutes, seconds=20)):
            periodic.remind_silent_teams()
            periodic.remind_silent_teams()
        said += [(minutes, service.read(index)["title"]) for index in range(len(service.requests))]

    assert said == [(-15, "Plus que 30 minutes"), (5, "Plus que 10 minutes")]
