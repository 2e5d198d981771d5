"""The jury's dashboard: progress for both, what marks say for the president alone."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department, Edition
from judging.deliberation import pace
from judging.models import Assignment, Juror, Score
from teams.models import Team
from tests.conftest import NOON, make_team
from tests.judging.conftest import NIGHT, Fill, text_of, told

type Browser = Callable[[User], Client]
ADDRESS = "/jury/INFOCOM/suivi/"


@pytest.fixture(autouse=True)
def _at_night() -> object:
    with time_machine.travel(NIGHT + timedelta(minutes=30), tick=False):
        yield


def test_the_president_sees_what_marks_say_and_organizers_how_far_it_is(
    client_of: Browser, scored: Sequence[Team], diane: Juror, dan: Juror, eve: User, fill: Fill
) -> None:
    for team in scored[:2]:
        fill(diane, team, 18, 18)

    president = text_of(client_of(diane.user).get(ADDRESS))
    organizer = text_of(client_of(eve).get(ADDRESS))

    for page in (president, organizer):
        assert "4 fiches terminées sur 6" in page
        assert "par fiche · encore" in page
    for word in ("Sévérités", "Désaccords", "Fiches à relire", "Sans un juré"):
        assert word in president
        assert word not in organizer
    assert "severity" not in organizer
    assert "18,00" not in organizer


def test_who_neither_presides_nor_organizes_finds_nothing(
    client_of: Browser, scored: Sequence[Team], dan: Juror, ada: User
) -> None:
    assert client_of(dan.user).get(ADDRESS).status_code == 404
    assert client_of(ada).get(ADDRESS).status_code == 404


def test_it_takes_the_same_queries_for_more_teams_and_jurors(
    client_of: Browser,
    scored: Sequence[Team],
    diane: Juror,
    infocom: Department,
    max: Juror,  # noqa: A002
    fill: Fill,
) -> None:
    room = client_of(diane.user)
    room.get(ADDRESS)
    with CaptureQueriesContext(connection) as few:
        room.get(ADDRESS)
    for name in ("Quatre", "Cinq"):
        fill(max, make_team(infocom, name), 9, 9)

    with CaptureQueriesContext(connection) as more:
        room.get(ADDRESS)

    assert len(more) == len(few)


def test_second_readings_are_not_the_organizers_to_see(
    client_of: Browser,
    scored: Sequence[Team],
    diane: Juror,
    dan: Juror,
    max: Juror,  # noqa: A002
    eve: User,
    infocom: Department,
) -> None:
    """They are of the leaders, whom nobody outside may know."""
    comunik, five, _third = scored
    Edition.objects.update(winners_min=1, winners_max=1)
    Score.objects.update(value=15)  # nothing tells the two apart
    for position, team in enumerate(scored):
        Assignment.objects.create(juror=dan, team=team, position=position)
    before = text_of(client_of(eve).get(ADDRESS))
    room = client_of(diane.user)
    address = reverse("judging:second-readings", args=["INFOCOM"])
    proposal = room.get(address)
    seen = proposal.context["seen"]

    stale = room.post(address, {"seen": "x"})
    done = room.post(address, {"seen": seen})

    assert {p[1] for p in proposal.context["proposal"]} == {comunik, five}
    assert (stale.status_code, done.status_code) == (422, 302)
    given = Assignment.objects.filter(kind="second")
    assert {(a.juror, a.team) for a in given} == {
        (juror, team) for juror in (diane, max) for team in (comunik, five)
    }
    assert JournalEntry.objects.get(act="readings.assigned").detail == {"readings": 4}
    assert ("organizers", {"department": "INFOCOM"}) in told("jury.changed")
    after = text_of(client_of(eve).get(ADDRESS))

    def numbers(page: str) -> str:
        return page[page.index('id="following"') : page.index("</main>")]

    assert numbers(before) == numbers(after)
    assert "2 fiches terminées sur 7" in text_of(client_of(diane.user).get(ADDRESS))


def test_pace_counts_the_latest_sheets_and_the_time_since() -> None:
    def minutes(*values: int) -> list:
        return [NOON + timedelta(minutes=value) for value in values]

    assert pace.pace([], since=NOON, at=NOON) is None
    found = pace.pace(minutes(10, 20), since=NOON, at=minutes(30)[0])
    assert found == timedelta(minutes=15)
    found = pace.pace(minutes(1, 2, 60, 70, 80, 90, 100), since=NOON, at=minutes(102)[0])
    assert found == timedelta(minutes=20)
    assert pace.time_left(3, found) == timedelta(hours=1)
    assert pace.time_left(0, None) == timedelta(0)
    assert pace.jury_time_left([timedelta(1), None]) is None
    assert pace.jury_time_left([timedelta(1), timedelta(2)]) == timedelta(2)
