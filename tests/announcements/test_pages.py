"""Announcements: scheduled, corrected, withdrawn and read; the API and the list."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.live.audiences import department_audience, team_audience
from hackathon.day.announcements import selectors
from hackathon.day.announcements.models import Announcement
from hackathon.day.announcements.periodic import push_due_announcements
from hackathon.day.announcements.services import announcements
from tests.access.roles import EVERYBODY, ORGANIZER, READER, browser_of, person_of
from tests.announcements.steps import LATER, LIST, announce, page, published, unread_of
from tests.conftest import NOON, make_team, make_user

MARKER = "zqxannonce"


# ---------------------------------------------------------------- its instant


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", "ada", "dan"])
def test_before_its_instant_it_exists_for_organizers_only(
    role, world, edition, eve, request, loner
):
    announce(edition, eve, f"**{MARKER}**", pinned=True, publish_at=LATER)
    browser = browser_of(role, request)

    with time_machine.travel(LATER - timedelta(seconds=1), tick=False):
        heard = browser.get("/api/v1/live/", {"after": 0}).content.decode()
        counted = browser.get(reverse("site:counts")).content.decode()

    assert MARKER not in heard
    assert "announcement.scheduled" not in heard
    # The world's own.
    assert len(unread_of(counted)) == (role != "anonymous")


@pytest.mark.django_db
def test_at_its_instant_it_is_there_by_the_clock_alone(edition, comunik, ada, eve, client_of):
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
        assert unread_of(student.get(reverse("site:counts")).content.decode()) != []


@pytest.mark.django_db
def test_the_audience_everyone_is_named_in_the_language_of_the_reader(edition, ada, eve, client_of):
    announce(edition, eve)
    student = client_of(ada)
    french = page(student)
    student.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = page(student)

    assert '<b data-slot="label">Tout le monde</b>' in french
    assert '<b data-slot="label">Everybody</b>' in english


@pytest.mark.django_db
def test_a_scheduled_announcement_is_pushed_once_when_it_is_due(edition, eve):
    announce(edition, eve, publish_at=LATER)
    LiveMessage.objects.all().delete()

    for at, expected in [
        (LATER - timedelta(seconds=1), []),
        (LATER, [("everyone", "announcement.published")]),
        (LATER + timedelta(minutes=1), [("everyone", "announcement.published")]),
    ]:
        with time_machine.travel(at, tick=False):
            push_due_announcements()
        assert published() == expected

    assert JournalEntry.objects.filter(act="announcement.published").count() == 1


@pytest.mark.django_db
def test_an_organizer_changes_or_cancels_a_scheduled_announcement(edition, infocom, eve, client_of):
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
        browser.post(reverse("announcements:edit", args=[first.pk]), typed)
        browser.post(reverse("announcements:withdraw", args=[second.pk]))
    with time_machine.travel(LATER + timedelta(hours=5), tick=False):
        push_due_announcements()

    first.refresh_from_db()
    assert first.published_at == NOON + timedelta(hours=4)
    assert (first.audience, first.pinned, first.by_mail) == (
        department_audience(infocom.pk),
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
def test_a_corrected_announcement_is_unread_again(edition, comunik, ada, eve, client_of):
    announcement = announce(edition, eve, "Salle 104")
    student = client_of(ada)
    student.post(reverse("announcements:read"), {"stamp": announcement.stamp})
    assert "is-unread" not in page(student)

    announcements.correct(
        announcement=announcement, body="Salle 401", pinned=False, by=eve, at=LATER
    )

    shown = page(student, LATER)
    assert "Salle 104" not in shown
    assert "corrigée à 14:00" in shown
    assert "is-unread" in shown
    # A page that resumes receives only the new text.
    assert published() == [("everyone", "announcement.corrected")]
    message = LiveMessage.objects.get(type="announcement.corrected")
    assert "401" in message.data["html"]
    assert message.data["corrected_at"] == "2020-02-13T13:00:00Z"


@pytest.mark.django_db
def test_a_withdrawn_announcement_is_nowhere(edition, comunik, ada, eve, client_of):
    announcement = announce(edition, eve, MARKER)

    announcements.withdraw(announcement=announcement, by=eve, at=LATER)

    student = client_of(ada)
    assert MARKER not in page(student, LATER)
    assert MARKER not in student.get("/api/v1/live/", {"after": 0}).content.decode()
    assert published() == [("everyone", "announcement.withdrawn")]
    assert client_of(eve).get(f"{LIST}{announcement.pk}/").status_code == 404
    assert JournalEntry.objects.filter(act="announcement.withdrawn").exists()


@pytest.mark.django_db
def test_pinning_is_not_a_correction(edition, eve):
    announcement = announce(edition, eve)
    older = announce(edition, eve, "plus ancienne", at=NOON - timedelta(hours=1))

    announcements.correct(announcement=older, body=older.body, pinned=True, by=eve, at=LATER)

    older.refresh_from_db()
    assert (older.revision, older.corrected_at) == (0, None)
    lines = selectors.public_announcements(edition, at=LATER)
    assert [line.pk for line in lines] == [announcement.pk, older.pk]
    assert [line.pk for line in selectors.pinned_first(lines)] == [older.pk, announcement.pk]


# ---------------------------------------------------------------- past instants, and to everybody


@pytest.mark.django_db
def test_an_instant_that_is_past_is_refused_at_its_field(edition, eve, client_of):
    sent = {"audience": "everyone", "body": "Pizzas", "publish_at": "2020-02-13T07:00:00"}

    with time_machine.travel(NOON, tick=False):
        answer = client_of(eve).post(reverse("announcements:new"), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["publish_at"]
    options = answer.content.decode().partition('<details class="more" open>')[2]
    assert "Cette heure est passée" in options.partition("</details>")[0]


@pytest.mark.django_db(transaction=True)
def test_before_everybody_gets_it_the_organizer_sees_how_many_these_are(
    edition, comunik, dan, eve, client_of
):
    browser, new = client_of(eve), reverse("announcements:new")
    sent = {"audience": "everyone", "body": "Pizzas", "by_mail": "on", "back": "announcements"}

    with time_machine.travel(NOON, tick=False):
        form = browser.get(new)
        asked = browser.post(new, sent)
        assert not Announcement.objects.exists()
        confirmed = sent | {"confirmed": asked.context["move"].key}
        other = browser.post(new, confirmed | {"audience": "department:INFOCOM"})
        assert not Announcement.objects.exists()
        done = browser.post(new, confirmed, follow=True)
        later = browser.post(new, sent | {"publish_at": "2020-02-13T17:00:00"})

    announcement = Announcement.objects.get(body="Pizzas", published_at=NOON)
    assert "Tout le monde : 2 étudiants et 1 juré" in form.content.decode()
    assert "À 2 étudiants et 1 juré, aussitôt" in asked.content.decode().replace("\xa0", " ")
    assert 'name="back"' in asked.content.decode()
    assert other.context["move"].key != asked.context["move"].key
    undo = reverse("announcements:withdraw", args=[announcement.pk])
    assert f'class="undo" method="post" action="{undo}"' in done.content.decode()
    assert later.status_code == 302
    assert undo not in page(browser, NOON + timedelta(seconds=21)).split("Corriger ou retirer")[0]


@pytest.mark.django_db
def test_what_is_published_by_an_edit_or_mailed_by_a_correction_is_asked_too(
    edition, comunik, eve, client_of
):
    planned, out = announce(edition, eve, "Un", publish_at=LATER), announce(edition, eve, "Deux")
    browser = client_of(eve)

    def edit(announcement: Announcement, **sent: str) -> Any:
        address = reverse("announcements:edit", args=[announcement.pk])
        with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
            return browser.post(address, {"body": "Trois", "audience": "everyone", **sent})

    asked = [edit(planned), edit(out, by_mail="on")]
    assert set(Announcement.objects.values_list("body", flat=True)) == {"Un", "Deux"}
    edit(planned, confirmed=asked[0].context["move"].key)
    edit(out, by_mail="on", confirmed=asked[1].context["move"].key)

    assert set(Announcement.objects.values_list("body", flat=True)) == {"Trois"}
    assert [answer.status_code for answer in asked] == [200, 200]


# ---------------------------------------------------------------- the API, the list


@pytest.mark.django_db
def test_the_api_pins_schedules_and_mails(edition, eve, client_of):
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
    assert (announcement.pinned, announcement.by_mail, announcement.pushed_at) == (True, True, None)
    assert (past.status_code, past.json()["code"]) == (409, "announcement_past")
    assert listed == []


@pytest.mark.django_db
def test_the_number_of_queries_does_not_depend_on_the_length_of_the_list(
    edition, comunik, ada, eve, client_of
):
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
def test_only_organizers_get_the_forms(world, edition, eve, request, loner):
    announcement = announce(edition, eve)
    for role in sorted(EVERYBODY - ORGANIZER - READER - {"anonymous"}):
        browser = browser_of(role, request)
        assert person_of(role, request) != eve
        assert browser.get(f"{LIST}{announcement.pk}/").status_code == 404
        assert browser.post(f"{LIST}{announcement.pk}/retirer/").status_code == 404
        assert "annonces/nouvelle" not in page(browser)


@pytest.mark.django_db
def test_each_team_reads_only_its_own_announcements(edition, infocom, eve, client_of):
    students = [make_user(f"s{number}@example.org", "S") for number in range(3)]
    teams = [make_team(infocom, f"Équipe {index}", s) for index, s in enumerate(students)]
    for team in teams:
        announce(
            edition,
            eve,
            f"pour-{team.pk}-",
            audience=team_audience(team.pk),
            audience_label=team.name,
        )

    for student, team in zip(students, teams, strict=True):
        shown = page(client_of(student))
        assert [other.pk for other in teams if f"pour-{other.pk}-" in shown] == [team.pk]
