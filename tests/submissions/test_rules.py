from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Edition
from submissions.deposits import rules as hand_in
from submissions.enums import DeliverableKind, ProgressState, Punctuality
from submissions.models import MEGABYTE, Deliverable, Extension, Submission
from submissions.versions import rules
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, SECOND

BETTER = [Punctuality.ON_TIME, Punctuality.IN_GRACE, Punctuality.LATE]


def an_edition(grace: int = 600, policy: str = LatePolicy.REFUSE) -> Edition:
    return Edition(
        starts_at=NOON - timedelta(hours=4),
        deadline_at=DEADLINE,
        grace_seconds=grace,
        late_policy=policy,
        timezone="Europe/Paris",
    )


def a_period(grace: int = 600, *minutes: int) -> rules.DepositPeriod:
    return rules.deposit_period(an_edition(grace), [Extension(minutes=m) for m in minutes])


def a_version(version: int, received: datetime, begun: datetime | None = None) -> Submission:
    return Submission(pk=version, version=version, begun_at=begun or received, received_at=received)


# ---------------------------------------------------------------- what counts


@pytest.mark.parametrize(
    ("received", "counts"),
    [
        ([], None),
        ([-MINUTE], 1),
        ([-2 * MINUTE, -MINUTE], 2),
        ([-MINUTE, MINUTE], 1),
        ([MINUTE, 2 * MINUTE], 2),
        ([-2 * MINUTE, -MINUTE, MINUTE, 2 * MINUTE], 2),
    ],
)
def test_late_version_never_replaces_one_on_time(received, counts):
    versions = [a_version(n, DEADLINE + after) for n, after in enumerate(received, start=1)]

    found = rules.counting(a_period(), versions)

    assert (found[0].version if found else None) == counts


def test_newest_version_in_the_grace_period_counts():
    on_time = a_version(1, DEADLINE - MINUTE)
    straddling = a_version(2, DEADLINE + MINUTE, begun=DEADLINE - SECOND)

    assert rules.counting(a_period(), [on_time, straddling]) == (
        straddling,
        Punctuality.IN_GRACE,
    )


def test_order_of_reading_does_not_matter():
    versions = [a_version(n, DEADLINE - n * MINUTE) for n in (1, 2, 3)]

    assert rules.counting(a_period(), versions) == rules.counting(a_period(), versions[::-1])


# ---------------------------------------------------------------- progress


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ({}, ProgressState.NOTHING),
        ({1: Punctuality.ON_TIME}, ProgressState.SOMETHING),
        ({3: Punctuality.ON_TIME}, ProgressState.SOMETHING),
        ({1: Punctuality.ON_TIME, 2: Punctuality.IN_GRACE}, ProgressState.COMPLETE),
        (
            {1: Punctuality.ON_TIME, 2: Punctuality.ON_TIME, 3: Punctuality.ON_TIME},
            ProgressState.COMPLETE,
        ),
        ({1: Punctuality.ON_TIME, 2: Punctuality.LATE}, ProgressState.LATE),
        ({3: Punctuality.LATE}, ProgressState.LATE),
        (
            {1: Punctuality.ON_TIME, 2: Punctuality.ON_TIME, 3: Punctuality.LATE},
            ProgressState.COMPLETE,
        ),
    ],
)
def test_progress_of_two_required_and_one_optional(marks, state):
    asked = [Deliverable(pk=pk, required=pk != 3) for pk in (1, 2, 3)]

    assert rules.progress_state(asked, marks) == state


def test_progress_without_required_deliverables():
    asked = [Deliverable(pk=1, required=False)]

    assert rules.progress_state(asked, {}) == ProgressState.NOTHING
    assert rules.progress_state(asked, {1: Punctuality.ON_TIME}) == ProgressState.COMPLETE


@pytest.mark.parametrize(
    ("after", "refuse", "accept"),
    [
        (timedelta(days=-1), "before", "before"),
        (0 * SECOND, "open", "open"),
        (SECOND, "grace", "late"),
        (10 * MINUTE, "grace", "late"),
        (10 * MINUTE + SECOND, "closed", "late"),
    ],
)
def test_state_of_the_period(after, refuse, accept):
    late = rules.deposit_period(an_edition(policy=LatePolicy.ACCEPT), [])

    assert a_period().state(at=DEADLINE + after) == refuse
    assert late.state(at=DEADLINE + after) == accept


def test_accepts_until():
    late = rules.deposit_period(an_edition(policy=LatePolicy.ACCEPT), [])

    assert a_period(600, 5).accepts_until == DEADLINE + 15 * MINUTE
    assert late.accepts_until is None


# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    ("name", "formats", "takes"),
    [
        ("a.pdf", ["pdf"], True),
        ("A.PDF", ["pdf"], True),
        ("a.tar.gz", ["tar.gz"], True),
        ("a.gz", ["tar.gz"], False),
        ("pdf", ["pdf"], False),
        ("a.pdf.exe", ["pdf"], False),
        ("IMG_1.JPEG", ["jpg"], True),
        ("a.jpg", ["jpeg"], True),
        ("a.anything", [], True),
    ],
)
def test_format_by_file_extension(name, formats, takes):
    deliverable = Deliverable(kind=DeliverableKind.FILE, formats=formats, max_bytes=MEGABYTE)

    assert (hand_in.file_refusal(deliverable, filename=name, size=1) is None) is takes


def test_size_at_the_limit():
    deliverable = Deliverable(kind=DeliverableKind.FILE, formats=[], max_bytes=10)

    assert hand_in.file_refusal(deliverable, filename="a", size=10) is None
    assert hand_in.file_refusal(deliverable, filename="a", size=11) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://graal.example.org",
        "http://webetu.example.org/~ada/index.html?x=1#top",
        "https://exämple.org/é",
        "https://192.168.3.4:8080/",
    ],
)
def test_accepted_links(url):
    assert hand_in.link_refusal(Deliverable(kind=DeliverableKind.LINK), url) is None


# ---------------------------------------------------------------- properties

seconds = st.integers(-7200, 7200).map(lambda n: timedelta(seconds=n))
graces = st.sampled_from([0, 1, 600, 3600])
delays = st.lists(st.integers(1, 120), max_size=3)


@given(begun=seconds, first=seconds, second=seconds, grace=graces, delay=delays)
def test_later_is_never_better(begun, first, second, grace, delay):
    period = a_period(grace, *delay)
    early, late = sorted([first, second])

    marks = [
        rules.punctuality_of(period, begun_at=DEADLINE + begun, received_at=DEADLINE + received)
        for received in (early, late)
    ]

    assert BETTER.index(marks[0]) <= BETTER.index(marks[1])


@given(first=seconds, second=seconds, received=seconds, grace=graces)
def test_begun_later_is_never_better(first, second, received, grace):
    early, late = sorted([first, second])

    marks = [
        rules.punctuality_of(
            a_period(grace), begun_at=DEADLINE + begun, received_at=DEADLINE + received
        )
        for begun in (early, late)
    ]

    assert BETTER.index(marks[0]) <= BETTER.index(marks[1])


@given(begun=seconds, received=seconds, grace=graces, delay=delays, more=st.integers(1, 1440))
def test_an_extension_never_worsens(begun, received, grace, delay, more):
    before, after = a_period(grace, *delay), a_period(grace, *delay, more)
    at = {"begun_at": DEADLINE + begun, "received_at": DEADLINE + received}

    assert BETTER.index(rules.punctuality_of(after, **at)) <= BETTER.index(
        rules.punctuality_of(before, **at)
    )
    assert after.deadline_at >= before.deadline_at


@given(begun=seconds, after=st.integers(0, 7200), grace=graces, delay=delays)
def test_refused_exactly_when_late(begun, after, grace, delay):
    edition, period = an_edition(grace), a_period(grace, *delay)
    begun_at = DEADLINE + begun
    at = begun_at + timedelta(seconds=after)

    refusal = rules.deposit_refusal(edition, period, begun_at=begun_at, at=at)

    late = rules.punctuality_of(period, begun_at=begun_at, received_at=at) == Punctuality.LATE
    assert (refusal is not None) is late


@given(received=st.lists(seconds, min_size=1, max_size=6), grace=graces, delay=delays)
def test_newest_version_in_time_counts(received, grace, delay):
    period = a_period(grace, *delay)
    versions = [a_version(n, DEADLINE + after) for n, after in enumerate(sorted(received), start=1)]

    found = rules.counting(period, versions)

    in_time = [v for v in versions if v.received_at <= period.deadline_at]
    assert found is not None
    assert found[0] == (in_time or versions)[-1]


@given(received=st.lists(seconds, min_size=1, max_size=6), newer=seconds, grace=graces)
def test_another_version_never_worsens_what_counts(received, newer, grace):
    period = a_period(grace)
    versions = [a_version(n, DEADLINE + after) for n, after in enumerate(received, start=1)]
    one_more = [*versions, a_version(len(versions) + 1, DEADLINE + newer)]

    before, after = (
        rules.counting(period, versions),
        rules.counting(period, one_more),
    )

    assert before is not None
    assert after is not None
    assert BETTER.index(after[1]) <= BETTER.index(before[1])


def test_longest_extension(ada):
    held = [Extension(pk=n, minutes=m) for n, m in ((1, 10), (2, 20), (3, 15))]
    held[1].revoked_at = NOON

    assert rules.longest_extension(held) is held[2]
    assert rules.longest_extension([]) is None
