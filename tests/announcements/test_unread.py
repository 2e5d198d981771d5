"""Announcements: what is unread, on pages and devices."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.live.audiences import team_audience
from hackathon.day.announcements import rules
from hackathon.day.announcements.models import Announcement, ReadMark
from hackathon.day.announcements.services import announcements
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.day.questions.services import questions
from tests.announcements.steps import LATER, announce, page, unread_of
from tests.conftest import DEADLINE, NOON, make_team, make_user


@pytest.mark.django_db
def test_what_the_navigation_counts_is_kept_until_a_message_or_its_instant(
    edition, comunik, ada, eve, client_of, settings
):
    settings.FRAGMENTS_CACHED = True
    student = client_of(ada)
    announcement = announce(edition, eve)

    def unread(at: datetime = NOON) -> list[str]:
        return unread_of(page(student, at))

    first = unread()
    with CaptureQueriesContext(connection) as captured:
        again = unread()
    student.post(reverse("announcements:read"), {"stamp": announcement.stamp})
    read = unread()
    announcements.correct(announcement=announcement, body="B 2", pinned=False, by=eve, at=NOON)
    corrected = unread()
    announcements.withdraw(announcement=announcement, by=eve, at=NOON)
    later = announce(edition, eve, publish_at=LATER)

    assert first == again == [announcement.stamp]
    assert not [query for query in captured if 'FROM "questions_' in query["sql"]]
    assert read == []
    assert corrected == [Announcement.objects.get(pk=announcement.pk).stamp]
    assert unread() == unread(LATER - timedelta(seconds=1)) == []
    assert unread(LATER) == [later.stamp]


@pytest.mark.django_db
def test_teams_of_a_department_share_what_is_counted_but_not_what_is_for_one_of_them(
    edition, infocom, comunik, ada, eve, client_of, settings
):
    settings.FRAGMENTS_CACHED = True
    users = [ada, *(make_user(f"u{n}@example.org", f"U{n}") for n in range(2))]
    teams = [comunik, *(make_team(infocom, f"T{n}", user) for n, user in enumerate(users[1:]))]
    students = [client_of(user) for user in users]

    def counted() -> tuple[list[set[str]], int]:
        """The stamps in each student's page, and how often they were read from the database."""
        found, reads = [], 0
        for student in students:
            with CaptureQueriesContext(connection) as captured:
                html = page(student)
            values = re.findall(r'data-unread="([^"]*)"', html)
            found.append({stamp for value in values for stamp in value.split()})
            reads += any('FROM "questions_publication"' in query["sql"] for query in captured)
        return found, reads

    everyone = announce(edition, eve).stamp
    together = counted()
    one = announce(edition, eve, audience=team_audience(comunik.pk), audience_label="").stamp
    alone = counted()
    organizer = Answerer(organizer=True)
    asker = Asker(teams[1].pk, teams[1].name, infocom, closes_at=DEADLINE)
    asked = questions.ask(
        asker=asker, to="organizers", topic="other", body="Un logo ?", by=users[1], at=NOON
    )
    asked = questions.answer(question=asked, who=organizer, text="Oui.", by=eve, at=NOON)

    assert together == ([{everyone}, {everyone}, {everyone}], 1)
    assert alone == ([{everyone, one}, {everyone}, {everyone}], 2)
    assert counted() == ([{everyone, one}, {everyone, asked.stamp}, {everyone}], 3)


@pytest.mark.django_db
def test_an_announcement_read_on_one_device_is_read_on_the_other(
    edition, comunik, ada, ben, eve, client_of
):
    announcement = announce(edition, eve)
    laptop, phone = client_of(ada), client_of(ada)

    answer = laptop.post(
        reverse("announcements:read"),
        {"stamp": [announcement.stamp, announcement.stamp, "nonsense", "a" * 200]},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 204
    assert "is-unread" not in page(phone)
    assert "is-unread" in page(client_of(ben))
    with time_machine.travel(NOON, tick=False):
        assert unread_of(phone.get(reverse("site:counts")).content.decode()) == []


@pytest.mark.django_db
def test_made_up_read_marks_fill_no_disk(edition, ada, client_of, monkeypatch):
    monkeypatch.setattr(rules, "READ_MARKS_MAX", 5)
    browser = client_of(ada)

    for batch in range(3):
        stamps = [f"a{10 * batch + number}-0" for number in range(3)]
        browser.post(reverse("announcements:read"), {"stamp": stamps})

    assert ReadMark.objects.filter(user=ada).count() == 5


@pytest.mark.django_db
def test_for_anonymous_users_the_browser_remembers_what_was_read(edition, eve):
    announcement = announce(edition, eve)
    device, other = Client(), Client()
    assert "is-unread" in page(device)

    device.post(reverse("announcements:read"), {"stamp": announcement.stamp})

    assert "is-unread" not in page(device)
    assert "is-unread" in page(other)
    other.cookies["read_announcements"] = "<script>_a1-0_" + "x" * 5000
    assert "<script>_" not in page(other)
