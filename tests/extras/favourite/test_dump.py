"""A dump of the database while people vote says neither who voted for whom, nor in what order."""

import io
import re

import pytest
from django.core.management import call_command
from django.db import connection

from hackathon.base.accounts.models import User
from hackathon.extras.favourite import services
from hackathon.extras.favourite.models import Favourite, HasVoted, Tally
from hackathon.extras.favourite.rules import Voter
from teams.models import Team
from tests.conftest import make_user
from tests.extras.favourite.conftest import code_of, phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(opened, comunik, pixels) -> list[tuple[User, Team]]:
    # Five for each of two teams, in turn.
    teams = [comunik, pixels] * 5
    cast = [(make_user(f"voter{n}@example.org"), team) for n, team in enumerate(teams)]
    for person, team in cast:
        voter = Voter(f"user:{person.pk}")
        services.vote(favourite=opened, voter=voter, team=str(team.pk))
    return cast


def dump() -> str:
    # Every table, row by row.
    if connection.vendor == "sqlite":
        return "\n".join(connection.connection.iterdump())
    out = io.StringIO()
    call_command("dumpdata", all=True, stdout=out)
    return out.getvalue()


def rows_of_the_vote(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.search(r'INSERT INTO "favourite_', line)]


def test_no_row_has_both_a_voter_and_a_team(people):
    voted = [field.name for field in HasVoted._meta.concrete_fields]
    counted = [field.name for field in Tally._meta.concrete_fields]

    assert voted == ["voter", "favourite"]
    assert counted == ["id", "favourite", "votes"]
    assert Tally.objects.count() == 1  # the place of a row does not tell whose vote was the last


def test_the_dump_names_no_voter_and_has_the_counts_alone(people, opened, comunik, pixels):
    if connection.vendor != "sqlite":
        pytest.skip("`.dump` is of SQLite")
    written = rows_of_the_vote(dump())

    digests = {Voter(f"user:{person.pk}").digest(opened) for person, _team in people}
    voters = {digest for digest in digests for line in written if digest in line}
    tallies = [line for line in written if '"favourite_tally"' in line]
    assert voters == digests
    assert len(tallies) == 1
    assert f'"{comunik.pk}": 5' in tallies[0]
    assert [line for line in tallies for digest in digests if digest in line] == []
    assert [line for line in written if "2020-" in line] == []  # no instants
    for person, _team in people:
        assert [line for line in written if person.email in line] == []


def test_nothing_outside_the_rows_of_the_vote_changes_with_a_vote(opened, act, comunik, pixels):
    # The session of a badge is there before the vote, and the vote writes nothing into it.
    if connection.vendor != "sqlite":
        pytest.skip("`.dump` is of SQLite")
    browser = phone(code_of(opened, act))
    browser.get("/coup-de-coeur/")
    services.vote(favourite=opened, voter=Voter("user:1"), team=str(pixels.pk))
    before = set(dump().splitlines())

    browser.post("/coup-de-coeur/", {"team": pixels.pk})

    changed = set(dump().splitlines()) ^ before
    assert {re.findall(r'INSERT INTO "(\w+)"', line)[0] for line in changed} == {
        "favourite_hasvoted",
        "favourite_tally",
    }


def test_two_orders_of_the_same_votes_leave_the_same_tally(opened, comunik, pixels):
    left = []
    for teams in ([comunik, pixels, pixels], [pixels, pixels, comunik]):
        HasVoted.objects.all().delete()
        Tally.objects.all().delete()
        for number, team in enumerate(teams):
            services.vote(favourite=opened, voter=Voter(f"user:{number}"), team=str(team.pk))
        left.append(str(Tally.objects.get().votes))

    assert left[0] == left[1]


def test_after_the_closing_neither_voters_nor_counts_are_left(people, opened, act):
    services.close(favourite=opened, **act)

    assert (HasVoted.objects.count(), Tally.objects.count()) == (0, 0)
    closed = Favourite.objects.get()
    assert closed.voters == 10
    assert sorted(team.name for team in closed.shown_winners()) == ["Com’unik", "Les Pixels"]
