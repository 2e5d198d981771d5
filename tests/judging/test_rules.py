from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hackathon.event.editions.models import Department
from judging.deliberation import rules as deliberation_rules
from judging.errors import JudgingRefusal
from judging.jury import rules as jury_rules
from judging.models import Criterion, Juror
from judging.scoring import rules as scoring_rules
from tests.conftest import DEADLINE

SECOND = timedelta(seconds=1)
TWENTY = Criterion(pk=1, name="Originalité", scale=20, department_id=1)
FIVE = Criterion(pk=2, name="Soin", scale=5, department_id=1)
SEAT = Juror(pk=1, department_id=1, user_id=1)


@pytest.mark.parametrize("value", ["0", "0.5", "13.5", "20", None])
def test_half_points_of_the_scale_are_marks(value):
    given = None if value is None else Decimal(value)

    assert scoring_rules.mark_refusal(SEAT, TWENTY, given) is None


@pytest.mark.parametrize("value", ["-0.5", "20.5", "13.3", "1e3", "NaN", "Infinity"])
def test_other_numbers_are_no_marks(value):
    refusal = scoring_rules.mark_refusal(SEAT, TWENTY, Decimal(value))

    assert refusal is not None
    assert refusal.code == JudgingRefusal.VALUE_OUT_OF_SCALE


def test_each_criterion_has_its_own_scale():
    assert scoring_rules.mark_refusal(SEAT, FIVE, Decimal(5)) is None
    assert scoring_rules.mark_refusal(SEAT, FIVE, Decimal("5.5")) is not None


@pytest.mark.parametrize(("seconds", "opened"), [(-1, False), (0, True), (1, True)])
def test_scoring_opens_at_its_instant(edition, seconds, opened):
    at = edition.judging_opens_at + seconds * SECOND

    assert (
        jury_rules.open_refusal(Department(edition=edition), locked=False, at=at) is None
    ) is opened


def test_scoring_follows_its_instant_when_it_is_moved(edition):
    edition.judging_opens_at += timedelta(hours=2)

    refusal = jury_rules.open_refusal(
        Department(edition=edition), locked=False, at=DEADLINE + timedelta(hours=1)
    )

    assert refusal is not None
    assert "14 février à 1:10" in refusal.message


def test_published_results_close_every_jury(edition):
    at = edition.judging_opens_at + SECOND
    edition.results_published_at = at

    refusal = jury_rules.open_refusal(Department(edition=edition), locked=False, at=at)

    assert refusal is not None
    assert refusal.code == JudgingRefusal.DELIBERATION_LOCKED


@pytest.mark.parametrize(
    ("places", "ranks"),
    [
        ({1: 1, 2: 1, 3: 2}, {1: 1, 2: 1, 3: 3}),
        ({1: 2, 2: 3}, {1: 1, 2: 2}),
        ({1: 4, 2: 4, 3: 4}, {1: 1, 2: 1, 3: 1}),
        ({}, {}),
    ],
)
def test_places_become_ranks(places, ranks):
    assert deliberation_rules.decision([], places).ranks == ranks


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 4)))
def test_equal_places_share_a_rank_and_order_is_kept(places):
    ranks = deliberation_rules.decision([], places).ranks

    for one, its_place in places.items():
        for other, other_place in places.items():
            assert (its_place < other_place) == (ranks[one] < ranks[other])
    assert not ranks or min(ranks.values()) == 1


@pytest.mark.parametrize(
    ("winners", "teams", "allowed"),
    [(1, 9, False), (2, 9, True), (4, 9, True), (5, 9, False), (1, 1, True), (0, 1, False)],
)
def test_two_to_four_win_or_as_many_as_there_are(edition, winners, teams, allowed):
    assert (
        deliberation_rules.lock_refusal(edition, winners=winners, teams=teams) is None
    ) is allowed
