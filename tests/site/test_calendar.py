from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from hackathon.base.accounts.models import User
from hackathon.base.accounts.selectors import calendar_token
from hackathon.event.editions.models import Edition, Milestone
from submissions.extensions import services as extensions
from tests.conftest import DEADLINE, NOON


def events(body: bytes) -> dict[str, datetime]:
    found: Any = Calendar.from_ical(body)
    return {str(e["uid"]).partition("@")[0]: e.decoded("dtstart") for e in found.walk("VEVENT")}


def feed(user: User) -> bytes:
    url = reverse("site:calendar-personal", args=[calendar_token(user)])
    response = Client().get(url)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content


def test_the_public_calendar_has_the_milestones_and_no_brief(edition, brief, client):
    # With characters that must be escaped, and longer than a line of a calendar may be.
    pizzas = Milestone.objects.create(
        edition=edition, kind="meal", label="Pizzas ; cola, é" + "!" * 80, at=NOON
    )

    body = client.get(reverse("site:calendar-public")).content
    (event,) = [e for e in Calendar.from_ical(body).walk("VEVENT") if "Pizzas" in e["summary"]]

    assert events(body) == {
        "launch": edition.starts_at,
        "deadline": DEADLINE,
        str(pizzas.pk): NOON,
    }
    assert str(event["summary"]) == f"{pizzas.label} · {edition.name}"
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert brief.title.encode() not in body
    assert brief.body.encode() not in body


def test_a_moved_event_keeps_its_name_which_no_other_site_has_and_is_newer(
    edition, client, settings
):
    settings.SITE_URL = "https://ccd.example.org"

    def read(at: datetime) -> tuple[str, int]:
        with time_machine.travel(at, tick=False):
            body = client.get(reverse("site:calendar-public")).content
        found: Any = Calendar.from_ical(body).walk("VEVENT")
        return next((str(e["uid"]), e["sequence"]) for e in found if "deadline" in e["uid"])

    uid, first = read(NOON)
    Edition.objects.update(deadline_at=DEADLINE - timedelta(minutes=5))
    moved, second = read(NOON + timedelta(minutes=1))

    assert uid == moved == "deadline@ccd-2020.ccd.example.org"
    assert second > first


def test_a_members_calendar_has_the_deadline_of_the_team(edition, comunik, ada, eve, diane):
    extensions.grant(edition, team=comunik, minutes=15, reason="Panne", by=eve, at=NOON)

    assert events(feed(ada))["deadline"] == DEADLINE + timedelta(minutes=15)
    assert events(feed(eve))["deadline"] == DEADLINE
    assert events(feed(diane.user))["other"] == edition.judging_opens_at
    assert "other" not in events(feed(ada))
    assert b"Panne" not in feed(ada)


def test_a_jurors_calendar_has_the_deadline_of_the_department(edition, comunik, eve, diane):
    extensions.grant(
        edition, department=comunik.department, minutes=20, reason="Panne", by=eve, at=NOON
    )

    assert events(feed(diane.user))["deadline"] == DEADLINE + timedelta(minutes=20)


def test_the_secret_address_is_renewed(edition, ada, client_of):
    browser, url = client_of(ada), reverse("site:calendar")
    old = calendar_token(ada)
    shown = browser.get(url).content.decode()

    browser.post(url)
    ada.refresh_from_db()
    new = calendar_token(ada)

    assert old in shown
    assert new in browser.get(url).content.decode()
    statuses = [
        Client().get(reverse("site:calendar-personal", args=[token])).status_code
        for token in (old, new, f"{ada.pk}-", "x", f"{ada.pk}-{'0' * 40}", "9" * 30 + "-a")
    ]
    assert statuses == [404, 200, 404, 404, 404, 404]


def test_a_deactivated_person_has_no_calendar(edition, ada):
    url = reverse("site:calendar-personal", args=[calendar_token(ada)])
    before = Client().get(url).status_code
    User.objects.filter(pk=ada.pk).update(is_active=False)

    assert (before, Client().get(url).status_code) == (200, 404)
