from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.live.audiences import ORGANIZERS, team_audience
from hackathon.day.announcements import rules, selectors
from hackathon.day.announcements.models import SEVERAL_TEAMS, Announcement
from hackathon.day.announcements.services import announcements
from hackathon.event.roles import audiences_for
from teams.models import Team
from tests.announcements.steps import announce, page, published
from tests.conftest import NOON, make_team, make_user

SOON = NOON + timedelta(seconds=2)
KNOWN = NOON + timedelta(seconds=8)


@pytest.fixture
def fives(infocom) -> Team:
    return make_team(infocom, "Les Five", make_user("fay@example.org", "Fay"))


@pytest.fixture
def announcement(edition, eve, comunik, pixels, fives) -> Announcement:
    """To Com’unik and Les Five, not to Les Pixels."""
    teams = {"audience": SEVERAL_TEAMS, "audience_label": "2 équipes", "teams": [comunik, fives]}
    return announce(edition, eve, "Bientôt 23:00", **teams)


def test_its_label_is_in_the_language_of_the_reader(announcement):
    with translation.override("en"):
        assert announcement.label == "2 teams"


def test_it_is_one_announcement_with_one_message(announcement, comunik, fives):
    assert published() == [
        (team_audience(comunik.pk), "announcement.published"),
        (team_audience(fives.pk), "announcement.published"),
        (ORGANIZERS, "announcement.published"),
    ]
    entry = JournalEntry.objects.get(act="announcement.published")
    assert (entry.detail["audience"], entry.detail["to"]) == ("teams", "2 équipes")
    assert entry.detail["teams"] == [comunik.pk, fives.pk]


def test_only_these_teams_and_organizers_read_it(announcement, client_of, ada, cleo, dan, eve):
    fay = User.objects.get(email="fay@example.org")
    readers = {"ada": ada, "fay": fay, "eve": eve, "cleo": cleo, "dan": dan.user}
    browsers = {name: client_of(user) for name, user in readers.items()} | {"nobody": Client()}
    allowed = {"ada", "fay", "eve"}

    for name, browser in browsers.items():
        listed = browser.get(reverse("api:announcements")).json()
        assert ("Bientôt" in page(browser, SOON)) == (name in allowed), name
        assert [one["audience"] for one in listed] == ["teams"] * (name in allowed), name
        assert "Les Five" not in str(listed)
    for name, user in readers.items():
        heard = LiveMessage.objects.for_audiences(audiences_for(user, announcement.edition))
        assert heard.exists() == (name in allowed), name


def test_it_is_corrected_and_withdrawn_as_one(announcement, eve, client_of, ada, cleo):
    act: dict[str, Any] = {"announcement": announcement, "by": eve, "at": SOON}

    announcements.correct(body="Bientôt 22:30", pinned=False, **act)
    corrected, other = page(client_of(ada), SOON), page(client_of(cleo), SOON)
    announcements.withdraw(**act)

    assert "Bientôt 22:30" in corrected
    assert "Bientôt" not in other
    assert "Bientôt" not in page(client_of(ada), SOON)
    last = LiveMessage.objects.filter(type="announcement.withdrawn").get()
    assert len(last.audience_names) == 3


def test_members_of_these_teams_get_the_mail(announcement, dan):
    emails = {user.email for user in selectors.recipients_of(announcement)}

    assert emails == {"ada@example.org", "ben@example.org", "fay@example.org"}


def test_teams_without_a_page_that_confirmed_are_known(
    announcement, edition, ada, cleo, comunik, fives
):
    own, others = (audiences_for(user, edition) for user in (ada, cleo))
    assert announcement.pushed_at is not None
    late = SOON + timedelta(hours=1)
    before = selectors.unreached(edition, at=KNOWN)
    announcements.add_reach(
        process="a", confirmations={announcement.pk: [(SOON, own), (SOON, others)]}
    )
    announcements.add_reach(process="b", confirmations={announcement.pk: [(late, own)]})

    after = selectors.unreached(edition, at=KNOWN)

    at_once = selectors.unreached(edition, at=SOON)

    assert at_once is not None
    assert before is not None
    assert after is not None
    assert (at_once.teams, at_once.known_at) == ([], announcement.pushed_at + rules.SOON)
    assert {team.name for team in before.teams} == {comunik.name, fives.name}
    assert after.teams == [(fives.pk, fives.name, fives.room)]
    assert selectors.reach_of([announcement], at=SOON)[announcement.pk].in_a_minute == 1


def test_the_last_announcement_to_everyone_concerns_all_teams(
    announcement, edition, eve, ada, pixels, fives
):
    last = announce(edition, eve, "À table", at=SOON)
    own = audiences_for(ada, edition)
    announcements.add_reach(process="a", confirmations={last.pk: [(SOON, own)]})

    found = selectors.unreached(edition, at=KNOWN)

    assert found is not None
    assert found.announcement == last
    assert {team.name for team in found.teams} == {pixels.name, fives.name}
