from datetime import timedelta
from itertools import permutations

from hypothesis import given as examples
from hypothesis import strategies as st

from hackathon.extras.presence import rules
from hackathon.extras.presence.enums import TickKind
from hackathon.extras.presence.models import Moment, Tick
from hackathon.extras.presence.rules import Status, status_of
from tests.conftest import NOON

SAID, HERE, LEFT, UNDONE = TickKind


def minute(number: int):
    return NOON + timedelta(minutes=number)


def tick(kind: TickKind, made: int, seen: int | None = None, by: int = 1) -> Tick:
    seen_at = minute(made if seen is None else seen)
    return Tick(pk=made, kind=kind, made_at=minute(made), seen_at=seen_at, made_by_id=by)


def test_the_earlier_of_two_arrivals_counts_in_any_order():
    ticks = [tick(HERE, 3, by=1), tick(HERE, 1, by=2), tick(HERE, 2, by=3)]

    for order in permutations(ticks):
        assert status_of(order) == Status(arrived_at=minute(1), by=2)


def test_one_who_leaves_and_comes_back_keeps_the_first_arrival():
    gone = [tick(HERE, 1), tick(LEFT, 5)]

    assert status_of(gone).state == LEFT
    assert status_of(gone).left_at == minute(5)
    assert status_of([*gone, tick(HERE, 9)]) == Status(arrived_at=minute(1), by=1)


def test_what_is_taken_back_was_never_there():
    ticks = [tick(SAID, 0), tick(HERE, 1), tick(UNDONE, 2)]

    assert status_of(ticks) == rules.NOTHING
    assert status_of([*ticks, tick(HERE, 4, by=7)]) == Status(arrived_at=minute(4), by=7)


def test_who_says_to_be_here_waits_for_a_confirmation():
    said = status_of([tick(SAID, 0)])

    assert (said.state, said.arrived_at) == (SAID, None)
    confirmed = status_of([tick(SAID, 0), tick(HERE, 6)])
    assert (confirmed.state, confirmed.said_at, confirmed.arrived_at) == (HERE, NOON, minute(6))


def test_what_is_typed_from_paper_has_the_instant_of_the_paper():
    assert status_of([tick(HERE, 9), tick(HERE, 60, seen=2)]).arrived_at == minute(2)
    assert status_of([tick(LEFT, 60, seen=30)]) == Status(None, minute(30), minute(30), 1)


@examples(
    st.lists(st.tuples(st.sampled_from(TickKind), st.integers(0, 9)), max_size=6).flatmap(
        lambda made: st.tuples(st.just(made), st.permutations(range(len(made))))
    )
)
def test_the_order_in_which_devices_send_decides_nothing(example):
    made, order = example
    ticks = [tick(kind, number, seen=seen) for number, (kind, seen) in enumerate(made)]

    assert status_of([ticks[place] for place in order]) == status_of(ticks)


def test_a_moment_is_open_from_an_hour_before_until_the_next_one_opens(edition):
    morning = Moment(pk=1, edition=edition, name="Matin", at=NOON)
    evening = Moment(pk=2, edition=edition, name="Soir", at=NOON + timedelta(hours=6))
    moments = [morning, evening]

    def is_open_at(**later):
        return rules.open_moment(moments, at=NOON + timedelta(**later))

    assert is_open_at(minutes=-61) is None
    assert is_open_at(minutes=-60) == morning
    assert is_open_at(hours=4, minutes=59) == morning
    assert is_open_at(hours=5) == evening
    assert is_open_at(hours=17, minutes=59) == evening
    assert is_open_at(hours=18) is None
    before, after = NOON - timedelta(hours=9), NOON + timedelta(hours=99)
    assert rules.current_moment(moments, at=before) == morning
    assert rules.current_moment(moments, at=after) == evening
