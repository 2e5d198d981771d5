"""What the push service of a device receives, which only the device can decrypt."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from celery.exceptions import Retry
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.db import connection
from django.test import TestCase
from django.urls import reverse

from hackathon.base.accounts.services import sign_out_everywhere
from hackathon.base.live.audiences import EVERYONE, team_audience
from hackathon.base.push import rules, services, tasks, vapid
from hackathon.base.push.models import Delivery, Subscription
from hackathon.day.announcements.models import Announcement
from hackathon.day.announcements.services import announcements
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.day.questions.services import questions
from judging.deliberation.services import reminders
from submissions import periodic
from submissions.extensions import services as extensions
from submissions.inspection.result import FindingCode, Result, finding
from submissions.inspection.services import record
from submissions.models import Submission
from teams.enums import HelpKind
from teams.models import Membership
from teams.services import calls
from tests.conftest import DEADLINE, NOON
from tests.judging.conftest import NIGHT
from tests.push.conftest import GIVEN
from tests.submissions.conftest import deposit
from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db


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


def test_only_the_browser_reads_the_message_and_the_service_can_verify_its_sender(
    service, device, announcement, comunik, ada
):
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
    service, device, announcement, comunik, ada, ben, eve
):
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


def test_nothing_is_sent_early_late_or_after_a_withdrawal(service, device, edition, eve):
    device(eve)
    secret = announcements.announce(
        edition=edition,
        audience=EVERYONE,
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
def test_a_subscription_that_its_service_reports_as_gone_is_deleted(
    status, service, device, announcement, comunik, ada
):
    device(ada)
    service.answers = [status]

    say(announcement)

    assert not Subscription.objects.exists()


def test_an_address_inside_the_own_network_gets_no_request(
    service, device, announcement, comunik, ada, monkeypatch
):
    monkeypatch.undo()
    device(ada)

    say(announcement)

    assert service.requests == []
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("address", ["https://push.example.net/\xe9", "https://[::1].net/"])
def test_an_address_that_is_none_keeps_no_message_from_others(
    service, device, announcement, comunik, ada, ben, address
):
    unusable = device(ada)
    Subscription.objects.filter(pk=unusable.pk).update(endpoint=address)
    device(ben)

    say(announcement)

    assert len(service.requests) == 1


def test_the_devices_of_one_person_do_not_stand_before_those_of_others(
    service, device, announcement, comunik, ada, ben, monkeypatch
):
    """A slow push service takes 20 s, and a batch waits for each of its devices."""
    monkeypatch.setattr(tasks, "BATCH", 3)
    slow = [device(ada) for _ in range(5)]
    other = device(ben)
    batches: list[list[int]] = []
    monkeypatch.setattr(tasks, "enqueue", lambda task, source, ids, pks: batches.append(pks))

    say(announcement)

    assert batches == [
        [slow[0].pk, other.pk, slow[1].pk],
        [each.pk for each in slow[2:]],
    ]


def test_who_has_left_the_team_or_was_signed_out_everywhere_gets_nothing(
    service, device, edition, comunik, ada, ben, eve
):
    device(ada)
    device(ben)
    to_team = announcements.announce(
        edition=edition,
        audience=team_audience(comunik.pk),
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


@pytest.mark.database
def test_a_person_has_ten_devices_at_most(device, client_of, ada):
    """Sending to one endpoint can occupy a worker for some seconds."""
    first = device(ada)
    for number in range(rules.DEVICES_MAX):
        services.subscribe(
            user=ada,
            session_key=client_of(ada).session.session_key,
            language="fr",
            at=NOON + timedelta(minutes=number + 1),
            **{**GIVEN, "endpoint": f"https://push.example.net/send/{number}"},
        )

    found = Subscription.objects.filter(user=ada)
    assert found.count() == rules.DEVICES_MAX
    assert first not in found


@pytest.mark.database
def test_two_workers_send_one_message_once(transactional_db, device, ada):
    found = device(ada)
    together = Barrier(4, timeout=PATIENCE)

    def claim(_: int) -> bool:
        together.wait()
        try:
            return services.claim(found, "announcement:a1-0", at=NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(claim, range(4))) == [False, False, False, True]


# ---------------------------------------------------------------- calls and the last minutes


def test_a_team_is_notified_that_its_call_is_taken(service, device, comunik, ada, cleo, dan):
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


def test_a_team_is_notified_of_the_answer_to_its_question(service, device, comunik, ada, cleo, eve):
    """Nobody else is: who asked is secret."""
    device(ada)
    device(cleo)
    asker = Asker(comunik.pk, comunik.name, comunik.department, DEADLINE)
    question = questions.ask(
        asker=asker, to="organizers", topic="other", body="Et le logo ?", by=ada, at=NOON
    )
    organizer = Answerer(organizer=True)
    with working():
        questions.answer(question=question, who=organizer, text="Oui.", by=eve, at=NOON)

    assert len(service.requests) == 1
    assert service.read()["title"] == "Une réponse à votre question"
    assert "logo" not in str(service.read())


def test_a_reminded_juror_is_notified_once(service, device, infocom, comunik, dan, diane):
    device(dan.user)
    device(diane.user)
    act = {"juror_pk": dan.pk, "list_url": "http://testserver/jury/", "by": diane.user}

    for _president in range(2):
        with working(NIGHT):
            reminders.remind(department=infocom, at=NIGHT, **act)

    assert len(service.requests) == 1
    assert service.read()["title"] == "Jury Information et Communication"
    assert service.read()["body"] == "Il vous reste 1 fiche à terminer."
    assert service.read()["url"] == reverse("judging:index")


def test_silent_teams_are_notified_of_their_own_last_minutes(
    service, device, edition, comunik, pixels, dossier, ada, ben, cleo, eve
):
    for user in (ada, cleo):  # nothing is asked of cleo's department
        device(user)
    extensions.grant(edition, team=comunik, minutes=15, reason="Panne", by=eve, at=NOON)
    titles = []

    for minutes in (-31, -30, -20, -15, -14, -10, 5, 6):
        service.requests.clear()
        with working(DEADLINE + timedelta(minutes=minutes, seconds=20)):
            periodic.remind_silent_teams()
            periodic.remind_silent_teams()
        titles += [
            (minutes, service.read(index)["title"]) for index in range(len(service.requests))
        ]

    assert titles == [(-15, "Plus que 30 minutes"), (5, "Plus que 10 minutes")]


def test_a_team_is_notified_of_a_deposit_that_does_not_open(
    service, device, comunik, dossier, ada, ben, cleo
):
    for user in (ada, ben, cleo):  # cleo is in another team
        device(user)
    at = DEADLINE - timedelta(minutes=70)
    broken = Result(findings=[finding(FindingCode.UNREADABLE)])

    for _version in range(2):
        submission = deposit(dossier, comunik, ada, at=at)
        with working(at):
            record(submission, broken, at=at)
    with working(at):
        tasks.notify("broken-deposit", Submission.objects.get(version=1).pk)

    messages = [service.read(index) for index in range(len(service.requests))]
    assert [message["title"] for message in messages] == [
        "Ne s’ouvre pas\xa0: Dossier de stratégie"
    ] * 4
    assert messages[0]["url"] == reverse("submissions:deposits")
    assert messages[0]["body"] == (
        "Ce fichier ne s’ouvre pas. Exportez-le de nouveau et renvoyez-le."
        " Il vous reste 1\u202fh\u202f10\xa0: l’heure limite est 23:00."
    )
