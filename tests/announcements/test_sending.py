"""The e-mails of announcements, and the count of the open pages that received them."""

import asyncio
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from channels.db import database_sync_to_async
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.base.accounts.models import User
from hackathon.base.core import clock, mail_tasks
from hackathon.base.live.audiences import department_audience, team_audience
from hackathon.day.announcements import reach_counter, selectors, tasks
from hackathon.day.announcements.models import AnnouncementMail, AnnouncementReach
from hackathon.day.announcements.periodic import mail_forgotten
from hackathon.day.announcements.services import announcements
from hackathon.day.announcements.services import mail as mail_services
from tests.announcements.steps import LATER, announce, mails_leave, page
from tests.conftest import NOON
from tests.site.sockets import connected
from tests.waiting import until_true

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


# ---------------------------------------------------------------- e-mails


def recipients() -> list[str]:
    return sorted(to for sent in mail.outbox for to in sent.to)


@pytest.mark.django_db(transaction=True)
def test_each_person_of_the_audience_gets_one_email(edition, comunik, pixels, dan, ada, eve, ben):
    User.objects.filter(pk=ben.pk).update(is_active=False)

    announcement = announce(
        edition,
        eve,
        "**Salle 104**",
        audience=department_audience(comunik.department_id),
        audience_label="Infocom",
        by_mail=True,
    )
    for _ in range(2):
        mails_leave()
        tasks.mail_batch(announcement.pk, 0, [ada.pk, dan.user_id])

    assert recipients() == ["ada@example.org", "dan@example.org"]
    sent = mail.outbox[0]
    assert sent.subject == "Annonce · Infocom · Crazy Charly Day 2020"
    assert len(sent.to) == 1
    assert "**Salle 104**" in sent.body
    assert "<strong>Salle 104</strong>" in sent.alternatives[0].content
    assert "http://localhost:8000/annonces/" in sent.body


@pytest.mark.django_db(transaction=True)
def test_a_scheduled_announcement_is_mailed_when_it_is_published(
    edition, comunik, pixels, dan, eve, loner
):
    announce(edition, eve, by_mail=True, publish_at=LATER)
    assert recipients() == []

    for _ in range(2):
        mails_leave(LATER, after=timedelta())
    assert recipients() == []
    for _ in range(2):
        mails_leave(LATER)

    everybody = ["ada", "ben", "cleo", "dan", "eve"]
    assert recipients() == [f"{name}@example.org" for name in everybody]


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_failed_continues_where_it_stopped(
    edition, comunik, ada, ben, eve, monkeypatch
):
    announcement = announce(edition, eve)
    from django.core.mail.backends.locmem import EmailBackend

    send, calls = EmailBackend.send_messages, []

    def fails_at_the_second(self: Any, messages: Any) -> int:
        calls.append(messages)
        if len(calls) == 2:
            raise SMTPServerDisconnected
        return int(send(self, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", fails_at_the_second)

    with pytest.raises(SMTPServerDisconnected):
        tasks.mail_batch.run(announcement.pk, 0, [ada.pk, ben.pk])
    tasks.mail_batch.run(announcement.pk, 0, [ada.pk, ben.pk])

    assert recipients() == ["ada@example.org", "ben@example.org"]


@pytest.mark.django_db
def test_an_email_is_claimed_by_one_worker_and_the_claim_expires(edition, ada, eve):
    announcement = announce(edition, eve)

    assert mail_services.claim(announcement, ada, at=NOON)
    assert not mail_services.claim(announcement, ada, at=NOON + timedelta(minutes=1))
    assert mail_services.claim(announcement, ada, at=NOON + mail_services.CLAIM_EXPIRES_AFTER)
    mail_services.mark_sent(announcement, ada, at=LATER)
    assert not mail_services.claim(announcement, ada, at=LATER + timedelta(days=1))
    assert AnnouncementMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_or_the_broker_lost_is_sent_later_and_once(
    edition, comunik, ada, ben, eve, monkeypatch
):
    audience = team_audience(comunik.pk)
    with monkeypatch.context() as lost:
        lost.setattr(tasks, "enqueue", lambda *_: None)
        crashed = announce(edition, eve, "Pizzas", audience=audience, by_mail=True)
        withdrawn = announce(edition, eve, "Salle 401", audience=audience, by_mail=True)
        mails_leave()
    assert mail_services.claim(crashed, ada, at=NOON + MINUTE)
    announcements.withdraw(announcement=withdrawn, by=eve, at=NOON + MINUTE)

    sent = []
    for minutes in (4, 5, 20, 21, 22):
        with time_machine.travel(NOON + minutes * MINUTE, tick=False):
            mail_forgotten()
        sent.append(recipients())

    after_crash = ["ada@example.org", "ben@example.org"]
    assert sent == [[], ["ben@example.org"], ["ben@example.org"], after_crash, after_crash]
    assert {"Pizzas" in message.body for message in mail.outbox} == {True}


@pytest.mark.django_db
def test_a_batch_that_failed_leaves_what_another_worker_has_claimed(
    edition, comunik, ada, ben, loner, eve
):
    announcement = announce(edition, eve)
    for user, at in ((ada, NOON), (ben, NOON), (loner, NOON - mail_services.CLAIM_EXPIRES_AFTER)):
        mail_services.claim(announcement, user, at=at)

    mail_services.release(announcement, ada, [ben, loner], at=NOON)

    assert AnnouncementMail.objects.get().user == ben


@pytest.mark.django_db(transaction=True)
def test_a_text_that_was_corrected_in_the_meantime_is_not_sent(edition, comunik, ada, eve):
    announcement = announce(edition, eve, "Salle 104")
    announcements.correct(
        announcement=announcement, body="Salle 401", pinned=False, by_mail=True, by=eve, at=LATER
    )
    mails_leave(LATER)
    sent = len(mail.outbox)

    tasks.mail_batch(announcement.pk, 0, [ada.pk])

    assert len(mail.outbox) == sent
    assert {m.subject for m in mail.outbox} == {
        "Annonce corrigée · Tout le monde · Crazy Charly Day 2020"
    }


@pytest.mark.django_db(transaction=True)
def test_until_they_leave_a_withdrawal_stops_the_emails(edition, comunik, eve):
    kept, withdrawn = (announce(edition, eve, body, by_mail=True) for body in ("Un", "Deux"))
    almost = mail_tasks.MAIL_DELAY - timedelta(seconds=1)

    mails_leave(after=almost)
    assert recipients() == []
    announcements.withdraw(announcement=withdrawn, by=eve, at=NOON + almost)
    for late in (timedelta(hours=3), timedelta(hours=4)):  # a worker that was away
        mails_leave(after=late)
        with time_machine.travel(NOON + late, tick=False):
            mail_forgotten()

    kept.refresh_from_db()
    assert recipients() == ["ada@example.org", "ben@example.org", "eve@example.org"]
    assert {"Un" in message.body for message in mail.outbox} == {True}
    assert kept.mails_at is None


@pytest.mark.django_db(transaction=True)
def test_a_correction_takes_the_place_of_emails_that_have_not_left(edition, comunik, eve):
    announcement = announce(edition, eve, "Salle 104", by_mail=True)
    announcements.correct(
        announcement=announcement, body="Salle 401", pinned=False, by=eve, at=NOON + SECOND
    )

    mails_leave()
    mails_leave(NOON + SECOND)

    assert {"Salle 401" in message.body for message in mail.outbox} == {True}
    assert len(mail.outbox) == 3


# ---------------------------------------------------------------- reach


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_each_page_of_the_audience_is_counted_once(
    edition, comunik, ada, ben, cleo, eve, monkeypatch
):
    monkeypatch.setattr(reach_counter, "WRITE_AFTER_SECONDS", 0.01)
    sockets = [await connected(user) for user in (ada, ben, cleo, eve, None)]
    announcement = await database_sync_to_async(announce)(
        edition,
        eve,
        audience=team_audience(comunik.pk),
        audience_label="Com’unik",
        at=clock.now() + timedelta(minutes=1),  # a busy machine takes more than five seconds
    )

    for socket in sockets:  # twice, and for ids that were not sent to it
        for _ in range(2):
            await socket.send({"type": "received", "id": announcement.pk})
        await socket.send({"type": "received", "id": 404})
        await socket.send({"type": "received", "id": -(2**70)})
    counted = AnnouncementReach.objects.filter(in_a_minute=2)
    await until_true(counted.aexists)
    if reach_counter.reach_counter.writing is not None:
        await reach_counter.reach_counter.writing
    rows = await database_sync_to_async(list)(AnnouncementReach.objects.all())
    assert [(r.in_five_seconds, r.in_a_minute) for r in rows] == [(2, 2)]
    await asyncio.gather(*(socket.disconnect() for socket in sockets))


@pytest.mark.django_db
def test_processes_add_up_and_late_confirmations_do_not_count(edition, eve):
    announcement = announce(edition, eve)
    seconds = [0.2, 4, 30, 61]
    confirmations = [(NOON + timedelta(seconds=s), ["everyone"]) for s in seconds]

    for process in ("one", "two"):
        with CaptureQueriesContext(connection) as queries:
            announcements.add_reach(
                process=process, confirmations={announcement.pk: confirmations * 50}
            )
        assert len(queries) < 12

    found = selectors.reach_of([announcement], at=LATER)[announcement.pk]
    assert (found.in_five_seconds, found.in_a_minute, found.counting) == (200, 300, False)


@pytest.mark.django_db
def test_only_organizers_see_the_reach(edition, comunik, ada, eve, client_of):
    announcement = announce(edition, eve)
    confirmations = {announcement.pk: [(NOON, ["everyone"])] * 3}
    announcements.add_reach(process="one", confirmations=confirmations)

    shown = page(client_of(eve), LATER)

    assert "Reçue sur 3 pages ouvertes en 5 s" in shown
    assert "Reçue sur" not in page(client_of(ada), LATER)
