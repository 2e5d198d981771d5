from datetime import UTC, datetime, timedelta

import pytest

from teams import rules
from teams.errors import TeamRefusal
from teams.models import Membership
from tests.conftest import NOON

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("after_opening", "code"),
    [(-SECOND, TeamRefusal.REGISTRATION_NOT_OPEN), (0 * SECOND, None), (SECOND, None)],
)
def test_registration_opens_at_its_instant(edition, after_opening, code):
    at = edition.registration_opens_at + after_opening

    refusal = rules.period_refusal(edition, at=at)

    assert (refusal and refusal.code) == code


@pytest.mark.parametrize(
    ("after_closing", "code"),
    [(-SECOND, None), (0 * SECOND, None), (SECOND, TeamRefusal.REGISTRATION_CLOSED)],
)
def test_registration_closes_after_its_instant(edition, after_closing, code):
    at = edition.registration_closes_at + after_closing

    refusal = rules.period_refusal(edition, at=at)

    assert (refusal and refusal.code) == code


@pytest.mark.parametrize("days", [-30, 30])
def test_organizers_register_at_any_time(edition, days):
    at = NOON + timedelta(days=days)

    refusal = rules.period_refusal(edition, at=at, organizer=True)

    assert refusal is None


def test_the_message_is_in_the_editions_zone_across_daylight_saving(edition):
    edition.registration_opens_at = datetime(
        2020, 3, 29, 6, tzinfo=UTC
    )  # daylight saving since 1:00 UTC
    edition.registration_closes_at = datetime(2020, 3, 30, 6, tzinfo=UTC)

    refusal = rules.period_refusal(edition, at=datetime(2020, 3, 29, 5, tzinfo=UTC))

    assert str(refusal) == "Les inscriptions ouvrent le dimanche 29 mars à 8:00."


@pytest.mark.parametrize(("members", "left"), [(0, 3), (2, 1), (3, 0), (4, 0)])
def test_seats_left_is_never_negative(edition, members, left):
    assert rules.seats_left(edition, members) == left


@pytest.mark.parametrize(("members", "missing"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_members_missing_to_the_minimum_size(edition, members, missing):
    edition.team_size_min = 2

    assert rules.members_missing(edition, members) == missing


def test_a_captain_of_another_team_is_refused(comunik, pixels):
    captain_elsewhere = Membership.objects.get(team=pixels)

    refusal = rules.captain_refusal(comunik, by=captain_elsewhere)

    assert refusal is not None
    assert refusal.code == TeamRefusal.NOT_CAPTAIN
