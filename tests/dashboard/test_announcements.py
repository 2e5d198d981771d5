"""Announcements said at an instant, read, corrected, withdrawn, mailed, and counted."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from channels.db import database_sync_to_async
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.core import clock, live
from hackathon.core.models import JournalEntry, LiveMessage
from hackathon.dashboard import reach, selectors, tasks
from hackathon.editions.models import Announcement, AnnouncementMail, AnnouncementReach, Edition
from hackathon.editions.periodic import tell_due_announcements
from hackathon.editions.services import announcements, mailing
from judging.models import Juror
from teams.models import Team
from tests.conftest import NOON, make_team, make_user
from tests.dashboard.sockets import ready
from tests.site import World
from tests.test_access import EVERYBODY, ORGANIZER, browser_of, person_of
from tests.test_brief_secret import read_the_site

type SignIn = Callable[[User], Client]
LATER = NOON + timedelta(hours=1)
MARKER = "zqxannonce"
LIST = "/annonces/"


def announce(edition: Edition, by: User, body: str = "Salle 104", **given: Any) -> Announcement:
    """To everyone unless something else is given."""
    said = {"audience": live.EVERYONE, "audience_label": "Tout le monde", "at": NOON, **given}
    return announcements.announce(edition=edition, body=body, by=by, **said)


def told() -> list[tuple[str, str]]:
    """The live messages so far: (audience, type)."""
    said = LiveMessage.objects.exclude(type=live.FORGOTTEN)
    return [(audience, message.type) for message in said for audience in message.heard_by]


def page(browser: Client, at: Any = NOON) -> str:
    """The list of announcements."""
    with time_machine.travel(at, tick=False):
        return browser.get(LIST).content.decode()


# ---------------------------------------------------------------- its instant


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", "ada", "dan"])
def test_before_its_instant_it_exists_for_organizers_only(
    role: str, world: World, edition: Edition, eve: User, request: Any, loner: Any
) -> None:
    pending = announce(edition, eve, f"**{MARKER}**", pinned=True, publish_at=LATER)
    world.objects["announcement"] = pending
    browser = browser_of(role, request)

    with time_machine.travel(LATER - timedelta(seconds=1), tick=False):
        found = [what for what, answer in read_the_site(world, browser) if MARKER in answer]
        heard = browser.get("/api/v1/live/", {"after": 0}).content.decode()
        counted = browser.get(reverse("dashboard:counts")).content.decode()

    assert found == []
    assert MARKER not in heard
    assert "announcement.scheduled" not in heard
    assert role == "anonymous" or '{"announcements": 1' in counted  # the world's own


@pytest.mark.django_db
def test_at_its_instant_it_is_there_by_the_clock_alone(
    edition: Edition, comunik: Team, ada: User, eve: User, client_of: SignIn
) -> None:
    announce(edition, eve, MARKER, publish_at=LATER)
    student, organizer = client_of(ada), client_of(eve)

    assert MARKER in page(organizer)
    for browser in (student, Client()):
        assert MARKER not in page(browser, LATER - timedelta(seconds=1))
        assert MARKER in page(browser, LATER)
        with time_machine.travel(LATER, tick=False):
            assert MARKER in browser.get("/api/v1/announcements/").content.decode()
            assert MARKER in browser.get("/").content.decode()
    with time_machine.travel(LATER, tick=False):
        assert student.get(reverse("dashboard:counts")).json()["announcements"] == 1


@pytest.mark.django_db
def test_everybody_is_named_in_the_readers_language(
    edition: Edition, ada: User, eve: User, client_of: SignIn
) -> None:
    announce(edition, eve)
    student = client_of(ada)
    french = page(student)
    student.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = page(student)

    assert '<b data-slot="label">Tout le monde</b>' in french
    assert '<b data-slot="label">Everybody</b>' in english


@pytest.mark.django_db
def test_pages_are_told_once_when_it_is_due(edition: Edition, eve: User) -> None:
    announce(edition, eve, publish_at=LATER)
    LiveMessage.objects.all().delete()

    for at, expected in [
        (LATER - timedelta(seconds=1), []),
        (LATER, [("everyone", "announcement.published")]),
        (LATER + timedelta(minutes=1), [("everyone", "announcement.published")]),
    ]:
        with time_machine.travel(at, tick=False):
            tell_due_announcements()
        assert told() == expected

    assert JournalEntry.objects.filter(act="announcement.published").count() == 1


@pytest.mark.django_db
def test_an_organizer_writes_it_anew_or_cancels_it(
    edition: Edition, infocom: Any, eve: User, client_of: SignIn
) -> None:
    first = announce(edition, eve, "à seize heures", publish_at=LATER)
    second = announce(edition, eve, "jamais", publish_at=LATER)
    browser = client_of(eve)
    typed = {
        "audience": "department:INFOCOM",
        "body": "à dix-sept heures",
        "publish_at": "2020-02-13T17:00:00",
        "pinned": "on",
        "by_mail": "on",
    }

    with time_machine.travel(NOON, tick=False):
        browser.post(reverse("dashboard:announcement", args=[first.pk]), typed)
        browser.post(reverse("dashboard:announcement-withdraw", args=[second.pk]))
    with time_machine.travel(LATER + timedelta(hours=5), tick=False):
        tell_due_announcements()

    first.refresh_from_db()
    assert first.published_at == NOON + timedelta(hours=4)
    assert (first.audience, first.pinned, first.by_mail) == (
        live.department_audience(infocom.pk),
        True,
        True,
    )
    assert [line.body for line in selectors.public_announcements(edition, at=LATER)] == []
    assert [m.data["id"] for m in LiveMessage.objects.filter(type="announcement.published")] == [
        first.pk
    ]
    assert "announcement.cancelled" in JournalEntry.objects.values_list("act", flat=True)


# ---------------------------------------------------------------- correction and withdrawal


@pytest.mark.django_db
def test_a_correction_replaces_the_text_everywhere_and_is_unread_again(
    edition: Edition, comunik: Team, ada: User, eve: User, client_of: SignIn
) -> None:
    announcement = announce(edition, eve, "Salle 104")
    student = client_of(ada)
    student.post(reverse("dashboard:read"), {"stamp": announcement.stamp})
    assert "is-unread" not in page(student)

    announcements.correct(
        announcement=announcement, body="Salle 401", pinned=False, by=eve, at=LATER
    )

    shown = page(student, LATER)
    assert "Salle 104" not in shown
    assert "corrigée à 14:00" in shown
    assert "is-unread" in shown
    # Who resumes is told the new text only.
    assert told() == [("everyone", "announcement.corrected")]
    message = LiveMessage.objects.get(type="announcement.corrected")
    assert "401" in message.data["html"]
    assert message.data["corrected_at"] == "2020-02-13T13:00:00Z"


@pytest.mark.django_db
def test_what_is_withdrawn_is_nowhere(
    edition: Edition, comunik: Team, ada: User, eve: User, client_of: SignIn
) -> None:
    announcement = announce(edition, eve, MARKER)

    announcements.withdraw(announcement=announcement, by=eve, at=LATER)

    student = client_of(ada)
    assert MARKER not in page(student, LATER)
    assert MARKER not in student.get("/api/v1/live/", {"after": 0}).content.decode()
    assert told() == [("everyone", "announcement.withdrawn")]
    assert client_of(eve).get(f"{LIST}{announcement.pk}/").status_code == 404
    assert JournalEntry.objects.filter(act="announcement.withdrawn").exists()


@pytest.mark.django_db
def test_pinning_disturbs_nobody(edition: Edition, eve: User) -> None:
    announcement = announce(edition, eve)
    older = announce(edition, eve, "plus ancienne", at=NOON - timedelta(hours=1))

    announcements.correct(announcement=older, body=older.body, pinned=True, by=eve, at=LATER)

    older.refresh_from_db()
    assert (older.revision, older.corrected_at) == (0, None)
    lines = selectors.public_announcements(edition, at=LATER)
    assert [line.pk for line in lines] == [announcement.pk, older.pk]
    assert [line.pk for line in selectors.pinned_first(lines)] == [older.pk, announcement.pk]


# ---------------------------------------------------------------- what was read


@pytest.mark.django_db
def test_what_was_read_on_one_device_is_read_on_the_other(
    edition: Edition, comunik: Team, ada: User, ben: User, eve: User, client_of: SignIn
) -> None:
    announcement = announce(edition, eve)
    laptop, phone = client_of(ada), client_of(ada)

    answer = laptop.post(
        reverse("dashboard:read"),
        {"stamp": [announcement.stamp, announcement.stamp, "nonsense", "a" * 200]},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 204
    assert "is-unread" not in page(phone)
    assert "is-unread" in page(client_of(ben))
    with time_machine.travel(NOON, tick=False):
        assert phone.get(reverse("dashboard:counts")).json()["announcements"] == 0


@pytest.mark.django_db
def test_the_public_is_remembered_by_the_device(edition: Edition, eve: User) -> None:
    announcement = announce(edition, eve)
    device, other = Client(), Client()
    assert "is-unread" in page(device)

    device.post(reverse("dashboard:read"), {"stamp": announcement.stamp})

    assert "is-unread" not in page(device)
    assert "is-unread" in page(other)
    other.cookies["lu"] = "<script>_a1-0_" + "x" * 5000
    assert "<script>_" not in page(other)


# ---------------------------------------------------------------- by mail


def receivers() -> list[str]:
    """Who got mail, in order of address."""
    return sorted(to for sent in mail.outbox for to in sent.to)


@pytest.mark.django_db(transaction=True)
def test_each_person_of_the_audience_gets_one_copy(
    edition: Edition, comunik: Team, pixels: Team, dan: Juror, eve: User, ben: User
) -> None:
    User.objects.filter(pk=ben.pk).update(is_active=False)

    announcement = announce(
        edition,
        eve,
        "**Salle 104**",
        audience=live.department_audience(comunik.department_id),
        audience_label="Infocom",
        by_mail=True,
    )
    for _ in range(2):
        tasks.mail_announcement(announcement.pk, 0)

    assert receivers() == ["ada@example.org", "dan@example.org"]
    sent = mail.outbox[0]
    assert sent.subject == "Annonce · Infocom · Crazy Charly Day 2020"
    assert len(sent.to) == 1
    assert "**Salle 104**" in sent.body
    assert "<strong>Salle 104</strong>" in sent.alternatives[0].content
    assert "http://localhost:8000/annonces/" in sent.body


@pytest.mark.django_db(transaction=True)
def test_everyone_is_written_to_when_the_instant_comes_and_not_before(
    edition: Edition, comunik: Team, pixels: Team, dan: Juror, eve: User, loner: User
) -> None:
    announce(edition, eve, by_mail=True, publish_at=LATER)
    assert receivers() == []

    with time_machine.travel(LATER, tick=False):
        tell_due_announcements()
        tell_due_announcements()

    everybody = ["ada", "ben", "cleo", "dan", "eve"]
    assert receivers() == [f"{name}@example.org" for name in everybody]


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_broke_off_goes_on_where_it_was(
    edition: Edition, comunik: Team, ada: User, ben: User, eve: User, monkeypatch: Any
) -> None:
    announcement = announce(edition, eve)
    from django.core.mail.backends.locmem import EmailBackend

    send, calls = EmailBackend.send_messages, []

    def breaks_at_the_second(self: Any, messages: Any) -> int:
        calls.append(messages)
        if len(calls) == 2:
            raise SMTPServerDisconnected
        return int(send(self, messages))

    monkeypatch.setattr(EmailBackend, "send_messages", breaks_at_the_second)

    with pytest.raises(SMTPServerDisconnected):
        tasks.mail_batch.run(announcement.pk, 0, [ada.pk, ben.pk])
    tasks.mail_batch.run(announcement.pk, 0, [ada.pk, ben.pk])

    assert receivers() == ["ada@example.org", "ben@example.org"]


@pytest.mark.django_db
def test_a_copy_is_claimed_by_one_worker_and_taken_over_from_a_dead_one(
    edition: Edition, ada: User, eve: User
) -> None:
    announcement = announce(edition, eve)

    assert mailing.claim(announcement, ada, at=NOON)
    assert not mailing.claim(announcement, ada, at=NOON + timedelta(minutes=1))
    assert mailing.claim(announcement, ada, at=NOON + mailing.ABANDONED)
    mailing.note_sent(announcement, ada, at=LATER)
    assert not mailing.claim(announcement, ada, at=LATER + timedelta(days=1))
    assert AnnouncementMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_text_that_was_corrected_meanwhile_is_not_sent(
    edition: Edition, comunik: Team, ada: User, eve: User
) -> None:
    announcement = announce(edition, eve, "Salle 104")
    announcements.correct(
        announcement=announcement, body="Salle 401", pinned=False, by_mail=True, by=eve, at=LATER
    )
    sent = len(mail.outbox)

    tasks.mail_batch(announcement.pk, 0, [ada.pk])

    assert len(mail.outbox) == sent
    assert {m.subject for m in mail.outbox} == {
        "Annonce corrigée · Tout le monde · Crazy Charly Day 2020"
    }


# ---------------------------------------------------------------- how far it went


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_pages_of_the_audience_are_counted_once_each(
    edition: Edition, comunik: Team, ada: User, ben: User, cleo: User, eve: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(reach, "GATHER_SECONDS", 0.01)
    sockets = [await ready(user) for user in (ada, ben, cleo, eve, None)]
    announcement = await database_sync_to_async(announce)(
        edition,
        eve,
        audience=live.team_audience(comunik.pk),
        audience_label="Com’unik",
        at=clock.now(),
    )

    for socket in sockets:  # whoever says so twice, or was not spoken to, changes nothing
        for _ in range(2):
            await socket.say({"type": "received", "id": announcement.pk})
        await socket.say({"type": "received", "id": 404})
        await socket.say({"type": "received", "id": -(2**70)})
    for _ in range(200):
        row = await database_sync_to_async(AnnouncementReach.objects.first)()
        if row is not None and row.in_a_minute == 2:
            break
        await asyncio.sleep(0.02)

    if reach.gatherer.writing is not None:
        await reach.gatherer.writing
    rows = await database_sync_to_async(list)(AnnouncementReach.objects.all())
    assert [(r.in_five_seconds, r.in_a_minute) for r in rows] == [(2, 2)]
    await asyncio.gather(*(socket.disconnect() for socket in sockets))


@pytest.mark.django_db
def test_processes_add_up_and_late_ones_do_not_count(edition: Edition, eve: User) -> None:
    announcement = announce(edition, eve)
    seconds = [0.2, 4, 30, 61]
    heard = [(NOON + timedelta(seconds=s), ["everyone"]) for s in seconds]

    for process in ("one", "two"):
        with CaptureQueriesContext(connection) as queries:
            announcements.count_reach(process=process, heard={announcement.pk: heard * 50})
        assert len(queries) < 12

    found = selectors.with_reach([announcement], at=LATER)[announcement.pk]
    assert (found.in_five_seconds, found.in_a_minute, found.counting) == (200, 300, False)


@pytest.mark.django_db
def test_organizers_read_how_far_it_went(
    edition: Edition, comunik: Team, ada: User, eve: User, client_of: SignIn
) -> None:
    announcement = announce(edition, eve)
    announcements.count_reach(process="one", heard={announcement.pk: [(NOON, ["everyone"])] * 3})

    shown = page(client_of(eve), LATER)

    assert "Reçue sur 3 pages ouvertes en 5 s" in shown
    assert "Reçue sur" not in page(client_of(ada), LATER)


# ---------------------------------------------------------------- the API, the list


@pytest.mark.django_db
def test_a_program_pins_schedules_and_mails(edition: Edition, eve: User, client_of: SignIn) -> None:
    body = {
        "audience": "everyone",
        "body": "Pizzas",
        "pinned": True,
        "mail": True,
        "publish_at": "2020-02-13T19:00:00",
    }

    with time_machine.travel(NOON, tick=False):
        browser = client_of(eve)
        made = browser.post("/api/v1/announcements/", body, content_type="application/json")
        past = browser.post(
            "/api/v1/announcements/",
            {**body, "publish_at": "2020-02-13T07:00:00"},
            content_type="application/json",
        )
        listed = browser.get("/api/v1/announcements/").json()

    announcement = Announcement.objects.get()
    assert made.status_code == 201
    assert made.json()["published_at"] == "2020-02-13T18:00:00Z"
    assert (announcement.pinned, announcement.by_mail, announcement.told_at) == (True, True, None)
    assert (past.status_code, past.json()["code"]) == (409, "announcement_past")
    assert listed == []


@pytest.mark.django_db
def test_the_lists_ask_the_same_however_long(
    edition: Edition, comunik: Team, ada: User, eve: User, client_of: SignIn
) -> None:
    browsers = [client_of(ada), client_of(eve)]
    counts = []
    for number in (1, 2):
        for index in range(number):
            announce(edition, eve, f"{number}{index}")
            announce(edition, eve, f"{number}{index}", publish_at=LATER)
        for browser in browsers:
            page(browser)
            with CaptureQueriesContext(connection) as queries:
                page(browser)
            counts.append(len(queries))

    assert counts[:2] == counts[2:]


@pytest.mark.django_db
def test_everybody_but_organizers_sees_no_form(
    world: World, edition: Edition, eve: User, request: Any, loner: Any
) -> None:
    announcement = announce(edition, eve)
    for role in sorted(EVERYBODY - ORGANIZER - {"anonymous"}):
        browser = browser_of(role, request)
        assert person_of(role, request) != eve
        assert browser.get(f"{LIST}{announcement.pk}/").status_code == 404
        assert browser.post(f"{LIST}{announcement.pk}/retirer/").status_code == 404
        assert "annonces/nouvelle" not in page(browser)


@pytest.mark.django_db
def test_several_teams_at_once_do_not_mix(
    edition: Edition, infocom: Any, eve: User, client_of: SignIn
) -> None:
    students = [make_user(f"s{number}@example.org", "S") for number in range(3)]
    teams = [make_team(infocom, f"Équipe {index}", s) for index, s in enumerate(students)]
    for team in teams:
        announce(
            edition,
            eve,
            f"pour-{team.pk}-",
            audience=live.team_audience(team.pk),
            audience_label=team.name,
        )

    for student, team in zip(students, teams, strict=True):
        shown = page(client_of(student))
        assert [other.pk for other in teams if f"pour-{other.pk}-" in shown] == [team.pk]
