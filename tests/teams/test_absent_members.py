from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from teams.models import Membership
from teams.services import organizing
from tests.conftest import NOON

LATER = NOON + timedelta(minutes=5)


def member(user: User) -> Membership:
    return Membership.objects.get(user=user)


def test_an_organizer_notes_who_is_not_there_and_who_came_later(comunik, ada, ben, eve):
    organizing.note_absent_members(comunik, [member(ben)], by=eve, at=NOON)
    organizing.note_absent_members(comunik, [member(ada), member(ben)], by=eve, at=LATER)
    noted = [member(ada).absent_at, member(ben).absent_at]
    organizing.note_absent_members(comunik, [member(ada)], by=eve, at=LATER)
    messages = LiveMessage.objects.count()
    organizing.note_absent_members(comunik, [member(ada)], by=eve, at=LATER)

    assert noted == [LATER, NOON]
    assert member(ben).absent_at is None
    entries = JournalEntry.objects.filter(act__startswith="members.").order_by("pk")
    assert [(entry.act, entry.detail["users"], entry.by) for entry in entries] == [
        ("members.absent", [ben.pk], eve),
        ("members.absent", [ada.pk], eve),
        ("members.present", [ben.pk], eve),
    ]
    assert LiveMessage.objects.count() == messages


def test_who_has_left_the_team_is_not_noted(comunik, pixels, ben, eve):
    before = member(ben)
    organizing.move_members([member(ben)], pixels, by=eve, at=NOON)

    with pytest.raises(Refused, match="moved_meanwhile"):
        organizing.note_absent_members(comunik, [before], by=eve, at=NOON)


def test_the_page_and_the_list_of_teams_show_who_is_absent(
    edition, comunik, ada, ben, eve, client_of
):
    browser, act = client_of(eve), reverse("teams:absent-members", args=[comunik.pk])
    with time_machine.travel(NOON, tick=False):
        answer = browser.post(act, {"members": [member(ben).pk]})
        sheet = browser.get(answer["Location"]).content.decode()
        again = browser.get(act).content.decode()
        teams = browser.get(reverse("teams:list", args=[edition.slug])).content.decode()
        browser.post(act, {})

    assert act in sheet
    assert sheet.count(">absent<") == 1
    assert again.count("checked") == 1
    assert "Ben (absent)" in teams
    assert "Ada (absent)" not in teams
    assert member(ben).absent_at is None
