"""A number, the list behind it and those who are warned are the same teams."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from hackathon.day.announcements.models import Announcement
from hackathon.day.control_room.selectors import Shown
from hackathon.event.editions import moves
from submissions.deposits import services as deposits
from teams.enums import TeamFilter
from teams.models import Team
from teams.selectors.listing import Wanted, found_pks
from tests.addresses import blocks_url
from tests.conftest import DEADLINE, NOON, make_team
from tests.control_room.conftest import text

LATE = DEADLINE - timedelta(minutes=30)


@pytest.fixture
def teams(
    infocom, pixels, dossier, site_link, ada, eve
) -> dict[str, list[Team]]:  # of a department that asks for nothing
    """Three teams that have handed in nothing, and three only a part; one of each is absent."""
    found: dict[str, list[Team]] = {"nothing": [], "partly": []}
    for number in range(3):
        found["nothing"].append(make_team(infocom, f"Rien {number}"))
        team = make_team(infocom, f"En partie {number}")
        given: dict[str, Any] = {"by": eve, "reason": "Panne", "begun_at": NOON, "at": NOON}
        deposits.deposit(site_link, team, url="https://example.org", **given)
        found["partly"].append(team)
    for group in found.values():
        Team.objects.filter(pk=group.pop().pk).update(absent_at=NOON, absent_by=eve)
    return found


@pytest.mark.parametrize("group", ["nothing", "partly"])
def test_numbers_lists_and_recipients_leave_out_absent_teams_and_those_asked_for_nothing(
    organizer, edition, teams, group
):
    expected = {team.pk for team in teams[group]}
    warn = reverse("control_room:warn")

    with time_machine.travel(LATE, tick=False):
        wrong = getattr(Shown(edition, at=LATE).wrong, group)
        concerned = moves.concerned(edition, at=LATE)
        page = text(organizer.get(blocks_url("windows")))
        dialog = text(organizer.get(warn, {"group": group}))
        organizer.post(warn, {"group": group, "body": "Déposez."})
    listed = found_pks(edition, Wanted(which=TeamFilter(group)))
    warned = set(Announcement.objects.values_list("teams", flat=True))

    assert set(listed) == warned == expected
    assert wrong == len(expected)
    assert {"nothing": concerned.nothing, "partly": concerned.something}[group] == len(expected)
    assert re.findall(rf'which={group}"><b class="num">(\d+)', page) == [str(len(expected))]
    assert f"Prévenir les {len(expected)}" in dialog


def test_all_windows_stay_on_the_facade(edition, teams):
    shown = Shown(edition, at=LATE).board

    assert (shown.counts.total, shown.counts.nothing, shown.counts.something) == (7, 4, 3)
