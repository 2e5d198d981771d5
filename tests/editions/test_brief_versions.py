"""The texts that a brief had: all of them for organizers, what has changed for students."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.core.models import LiveMessage
from hackathon.base.live.audiences import department_audience
from hackathon.base.push import registry
from hackathon.event.editions.models import Brief, Edition, brief_stamp
from hackathon.event.editions.services import briefs
from teams import periodic
from tests.conftest import NOON
from tests.teams.conftest import text_of

MINUTE = timedelta(minutes=1)
FORMER, NEWER = "Une auberge\n\nUne carte", "Une auberge\n\nUne carte animée"


@pytest.fixture
def write(infocom, eve) -> Callable[..., Brief]:
    def written(body: str, **given: Any) -> Brief:
        values = {"title": "GRAAL", "published_at": NOON, "at": NOON - MINUTE, **given}
        return briefs.write(department=infocom, body=body, by=eve, **values)

    return written


def brief_of(browser: Client, at: Any = NOON + 2 * MINUTE) -> str:
    with time_machine.travel(at, tick=False):
        return text_of(browser.get(reverse("editions:brief", args=["INFOCOM"])))


def test_who_has_read_it_sees_what_has_changed(write, client_of, ada, comunik):
    write(FORMER)
    browser = client_of(ada)
    before = brief_of(browser)

    write(NEWER, at=NOON + MINUTE)
    page = brief_of(browser)

    assert "Ce sujet a changé" not in before
    assert "Ce sujet a changé" in page
    assert "<del>Une carte</del>" in page
    assert "<ins>Une carte animée</ins>" in page
    assert "<ins>Une auberge</ins>" not in page


@pytest.mark.parametrize("given", [{"at": NOON - MINUTE}, {"at": NOON + MINUTE, "body": FORMER}])
def test_a_text_that_nobody_had_read_or_that_is_the_same_is_no_change(write, client_of, ada, given):
    write("Un secret zqxsecret")
    write(FORMER, at=NOON - MINUTE)

    write(**{"body": NEWER, **given})
    page = brief_of(client_of(ada))

    assert "Ce sujet a changé" not in page
    assert "zqxsecret" not in page


def test_a_text_that_was_never_public_is_in_no_difference(write, client_of, ada):
    """It was public, became secret, was rewritten twice, and is public again."""
    write(FORMER)
    write("zqxsecret", at=NOON + MINUTE, published_at=NOON + 3 * MINUTE)
    write(NEWER, at=NOON + 2 * MINUTE, published_at=NOON + 3 * MINUTE)

    page = brief_of(client_of(ada), NOON + 4 * MINUTE)

    assert "zqxsecret" not in page
    assert "Ce sujet a changé" not in page


def test_the_members_of_the_department_are_notified_at_the_instant_of_the_brief(
    write, ada, ben, comunik, cleo, monkeypatch
):
    brief = write("zqxsecret", title="zqxtitle")
    queued: list[Any] = []
    monkeypatch.setattr(periodic, "enqueue", lambda _task, *arguments: queued.append(arguments))

    with time_machine.travel(NOON - timedelta(seconds=1), tick=False):
        periodic.push_due_briefs()
        early = registry.load("brief", [brief.pk])
    assert (queued, early) == ([], None)
    with time_machine.travel(NOON, tick=False):
        periodic.push_due_briefs()
        periodic.push_due_briefs()
        first, second = (registry.load(name, [pk]) for name, pk in queued)
    with time_machine.travel(NOON + periodic.PATIENCE, tick=False):
        periodic.push_due_briefs()

    assert first is not None
    assert second is not None
    assert first.key == second.key  # a device gets it once
    assert set(first.users) == {ada, ben}
    assert "zqx" not in f"{first.title} {first.body} {first.path}"
    assert len(queued) == 2


def test_other_pages_say_until_the_deadline_that_the_own_brief_was_not_read(
    write, client_of, ada, comunik, edition
):
    brief, browser = write(FORMER), client_of(ada)

    def unread(at: datetime, path: str = "/equipe/") -> list[str]:
        with time_machine.travel(at, tick=False):
            page = browser.get(path).content.decode()
        found = re.search(r'data-count="briefs" data-unread="([^"]*)"', page)
        assert found
        assert ("Votre sujet est là" in page) == bool(found[1])
        return found[1].split()

    early, came = unread(NOON - timedelta(seconds=1)), unread(NOON)
    with time_machine.travel(NOON, tick=False):
        opened = browser.get(reverse("editions:brief", args=["INFOCOM"])).content.decode()
        browser.post(reverse("announcements:read"), {"stamp": came})
    read = unread(NOON)
    write(NEWER, at=NOON + MINUTE)

    assert early == read == []
    assert came == [brief_stamp(brief.pk, 1)]
    assert f'data-stamp="{came[0]}"' in opened
    assert "Votre sujet est là" not in opened
    assert unread(NOON + MINUTE) == [brief_stamp(brief.pk, 2)]
    assert unread(edition.deadline_at + MINUTE) == []


def test_open_pages_of_the_department_hear_of_it_once_at_its_instant(write, comunik):
    brief = write(FORMER)
    before = list(LiveMessage.objects.values_list("pk", flat=True))
    for at in (NOON - timedelta(seconds=1), NOON, NOON + timedelta(seconds=5)):
        with time_machine.travel(at, tick=False):
            periodic.push_due_briefs()

    audience = department_audience(brief.department_id)
    sent = LiveMessage.objects.exclude(pk__in=before)
    assert [(m.type, m.audience_names) for m in sent] == [("brief.changed", (audience,))]


def test_the_members_of_the_department_are_notified_of_the_newest_change(
    write, ada, ben, comunik, cleo
):
    write(FORMER)
    first = write(NEWER, at=NOON + MINUTE).versions.first()
    second = write("Autre chose", at=NOON + 2 * MINUTE).versions.first()
    assert first
    assert second

    with time_machine.travel(NOON + 3 * MINUTE, tick=False):
        told, outdated = (registry.load("brief-changed", [v.pk]) for v in (second, first))

    assert outdated is None
    assert told is not None
    assert set(told.users) == {ada, ben}
    assert told.path == "/sujets/INFOCOM/"
    assert "Autre chose" not in told.body


def test_nobody_is_notified_of_an_edition_that_is_not_shown(write, ada, comunik):
    write(FORMER)
    version = write(NEWER, at=NOON + MINUTE).versions.first()
    assert version
    Edition.objects.update(is_current=False)

    with time_machine.travel(NOON + 2 * MINUTE, tick=False):
        assert registry.load("brief-changed", [version.pk]) is None


def test_a_change_is_sent_to_devices_only_if_it_was_public(write, monkeypatch):
    sent: list[Any] = []
    monkeypatch.setattr(briefs, "enqueue", lambda _task, *arguments: sent.append(arguments[0]))
    write(FORMER)
    write(NEWER)
    assert sent == []

    write(FORMER, at=NOON + MINUTE)

    assert sent == ["brief-changed"]


def test_an_organizer_takes_an_earlier_text_back(write, client_of, eve, ada):
    write(FORMER)
    brief = write(NEWER)
    former = brief.versions.last()
    assert former is not None
    path = reverse("editions:brief-restore", args=["ccd-2020", former.pk])
    page = text_of(
        client_of(eve).get(reverse("editions:brief-edit", args=["ccd-2020", brief.department_id]))
    )

    stranger = client_of(ada).post(path)
    answer = client_of(eve).post(path)

    brief.refresh_from_db()
    assert (stranger.status_code, answer.status_code) == (404, 302)
    assert path in page
    assert brief.body == FORMER
    assert [version.body for version in brief.versions.all()] == [FORMER, NEWER, FORMER]


def test_the_text_of_before_versions_were_kept_is_kept(write, brief):
    brief.versions.all().delete()
    body = brief.body

    write(NEWER)

    assert [(v.body, v.written_at) for v in brief.versions.all()] == [
        (NEWER, NOON - MINUTE),
        (body, None),
    ]
