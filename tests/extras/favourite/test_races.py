"""Votes at once, and votes against the closing."""

from collections.abc import Callable
from contextlib import nullcontext
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from hackathon.extras.favourite import services
from hackathon.extras.favourite.models import Favourite, HasVoted, Tally
from hackathon.extras.favourite.rules import Voter
from teams.models import Team
from tests.concurrency.test_marks import at_once
from tests.extras.favourite.conftest import votes
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 5


def voting(favourite: Favourite, key: str, team: Team) -> Callable[[], None]:
    voter = Voter(key)
    return lambda: services.vote(favourite=favourite, voter=voter, team=str(team.pk))


@pytest.mark.postgres
def test_without_the_lock_a_vote_is_lost(opened, pixels):
    Tally.objects.create(favourite=opened)
    both_have_read = Barrier(2, timeout=PATIENCE)

    def vote_without_lock() -> None:
        with transaction.atomic():
            tally = Tally.objects.get()
            both_have_read.wait()
            tally.votes = {str(pixels.pk): tally.votes.get(str(pixels.pk), 0) + 1}
            tally.save()

    at_once(vote_without_lock, vote_without_lock)

    assert votes() == {str(pixels.pk): 1}


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_phones_of_one_badge_at_once_are_one_vote(opened, comunik, pixels, round_):
    done = at_once(voting(opened, "badge:1", comunik), voting(opened, "badge:1", pixels))

    assert done == ["done", "done"]
    assert sum(votes().values()) == HasVoted.objects.count() == 1


def test_votes_of_many_at_once_all_count(opened, comunik, pixels):
    acts = [voting(opened, f"user:{n}", (comunik, pixels)[n % 2]) for n in range(8)]

    assert at_once(*acts) == ["done"] * 8

    assert votes() == {str(comunik.pk): 4, str(pixels.pk): 4}


@pytest.mark.parametrize("in_turn", [False, True])
def test_a_vote_waits_for_another_one_and_not_for_the_write_lock_of_sqlite(
    opened, comunik, pixels, monkeypatch, in_turn
):
    """The second one would give up at once there. Without the turn it does."""
    if connection.vendor != "sqlite":
        return
    holds_lock, other_comes = Event(), Event()
    save = Tally.save

    def save_slowly(tally: Tally, **fields: Any) -> None:
        if not holds_lock.is_set():
            holds_lock.set()
            assert other_comes.wait(PATIENCE)
        save(tally, **fields)

    def other() -> None:
        assert holds_lock.wait(PATIENCE)
        connection.cursor().execute("PRAGMA busy_timeout = 0")
        try:
            if in_turn:
                other_comes.set()
            voting(opened, "user:2", pixels)()
        finally:
            other_comes.set()

    monkeypatch.setattr(Tally, "save", save_slowly)
    if not in_turn:
        monkeypatch.setattr(services, "_turn", nullcontext())
    with pytest.raises(OperationalError, match="locked") if not in_turn else nullcontext():
        at_once(voting(opened, "user:1", comunik), other)

    assert sum(votes().values()) == HasVoted.objects.count() == 1 + in_turn


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_vote_during_the_closing_is_counted_or_refused(opened, act, pixels, round_):
    voted, closed = at_once(
        voting(opened, "user:1", pixels), lambda: services.close(favourite=opened, **act)
    )

    result = Favourite.objects.get()
    assert closed == "done"
    assert (voted, result.voters) in {("done", 1), ("favourite_closed", 0)}
    assert not HasVoted.objects.exists()
