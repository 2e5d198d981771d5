"""The deadline at -1 s, 0 and +1 s: grace period, late policy, extensions, summer time."""

from datetime import UTC, datetime, timedelta

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Edition
from submissions.enums import Punctuality
from submissions.errors import DepositRefusal
from submissions.models import Deliverable
from submissions.versions import selectors
from teams.models import Team
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, SECOND, deposit, extend

REFUSE, ACCEPT = LatePolicy.REFUSE, LatePolicy.ACCEPT
BEFORE = timedelta(seconds=-30)
T = DepositRefusal

# Begun and received (relative to the deadline), grace in seconds, policy, result.
CASES = [
    # On time: the last byte counts.
    (BEFORE, -SECOND, 600, REFUSE, Punctuality.ON_TIME),
    (BEFORE, 0 * SECOND, 600, REFUSE, Punctuality.ON_TIME),
    (-SECOND, 0 * SECOND, 0, REFUSE, Punctuality.ON_TIME),
    (0 * SECOND, 0 * SECOND, 0, REFUSE, Punctuality.ON_TIME),
    # Begun in time, finished in the grace.
    (BEFORE, SECOND, 600, REFUSE, Punctuality.IN_GRACE),
    (0 * SECOND, SECOND, 600, REFUSE, Punctuality.IN_GRACE),
    (BEFORE, 10 * MINUTE - SECOND, 600, REFUSE, Punctuality.IN_GRACE),
    (BEFORE, 10 * MINUTE, 600, REFUSE, Punctuality.IN_GRACE),
    # Begun in time, finished too late.
    (BEFORE, 10 * MINUTE + SECOND, 600, REFUSE, T.GRACE_PASSED),
    (BEFORE, 10 * MINUTE + SECOND, 600, ACCEPT, Punctuality.LATE),
    (BEFORE, SECOND, 0, REFUSE, T.GRACE_PASSED),
    (BEFORE, SECOND, 0, ACCEPT, Punctuality.LATE),
    # Begun after the deadline: no grace.
    (SECOND, SECOND, 600, REFUSE, T.DEADLINE_PASSED),
    (SECOND, 2 * SECOND, 600, ACCEPT, Punctuality.LATE),
    (SECOND, SECOND, 0, REFUSE, T.DEADLINE_PASSED),
    (timedelta(microseconds=1), SECOND, 600, REFUSE, T.DEADLINE_PASSED),
]


def outcome(
    edition: Edition, team: Team, deliverable: Deliverable, by: User, begun: datetime, at: datetime
) -> Punctuality | DepositRefusal:
    try:
        submission = deposit(deliverable, team, by, begun_at=begun, at=at)
    except Refused as refused:
        code = refused.refusal.code
        assert isinstance(code, DepositRefusal)
        return code
    return selectors.version_of(submission).punctuality


@pytest.mark.parametrize(("begun", "received", "grace", "policy", "expected"), CASES)
def test_deadline(begun, received, grace, policy, expected, edition, comunik, dossier, ada):
    Edition.objects.update(grace_seconds=grace, late_policy=policy)

    got = outcome(edition, comunik, dossier, ada, DEADLINE + begun, DEADLINE + received)

    assert got == expected


@pytest.mark.parametrize("target", ["team", "department"])
@pytest.mark.parametrize(
    ("begun", "received", "expected"),
    [
        (14 * MINUTE, 15 * MINUTE - SECOND, Punctuality.ON_TIME),
        (14 * MINUTE, 15 * MINUTE, Punctuality.ON_TIME),
        (14 * MINUTE, 15 * MINUTE + SECOND, Punctuality.IN_GRACE),
        (15 * MINUTE, 25 * MINUTE, Punctuality.IN_GRACE),
        (15 * MINUTE, 25 * MINUTE + SECOND, T.GRACE_PASSED),
        (15 * MINUTE + SECOND, 16 * MINUTE, T.DEADLINE_PASSED),
    ],
)
def test_deadline_with_an_extension(
    target, begun, received, expected, edition, infocom, comunik, dossier, ada, eve
):
    extend(eve, 15, **({"team": comunik} if target == "team" else {"department": infocom}))

    got = outcome(edition, comunik, dossier, ada, DEADLINE + begun, DEADLINE + received)

    assert got == expected


def test_revoked_extension_has_no_effect(edition, comunik, dossier, ada, eve):
    extension = extend(eve, 15, team=comunik)
    extension.revoked_at, extension.revoked_by = NOON, eve
    extension.save()

    at = DEADLINE + SECOND
    assert outcome(edition, comunik, dossier, ada, at, at) == T.DEADLINE_PASSED


def test_extension_of_another_team_has_no_effect(edition, comunik, pixels, dossier, ada, eve):
    extend(eve, 15, team=pixels)
    extend(eve, 15, department=pixels.department)

    at = DEADLINE + SECOND
    assert outcome(edition, comunik, dossier, ada, at, at) == T.DEADLINE_PASSED


def test_longest_of_two_extensions(edition, infocom, comunik, dossier, ada, eve):
    extend(eve, 5, team=comunik)
    extend(eve, 20, department=infocom)

    at = DEADLINE + 20 * MINUTE
    assert outcome(edition, comunik, dossier, ada, at, at) == Punctuality.ON_TIME


def test_late_deposit_is_refused_once_results_are_published(edition, comunik, dossier, ada):
    Edition.objects.update(late_policy=ACCEPT, results_published_at=DEADLINE + MINUTE)

    before, at = DEADLINE + MINUTE - SECOND, DEADLINE + MINUTE
    assert outcome(edition, comunik, dossier, ada, before, before) == Punctuality.LATE
    assert outcome(edition, comunik, dossier, ada, at, at) == T.DEADLINE_PASSED


# The night to summer time (2:00 becomes 3:00, at 1:00 UTC) and the night back.
NIGHTS = [
    (datetime(2020, 3, 29, 0, 59, 30, tzinfo=UTC), "1:59:30", "3:09:30"),
    (datetime(2020, 3, 29, 1, 0, tzinfo=UTC), "3:00", "3:10"),
    (datetime(2020, 3, 29, 21, 0, tzinfo=UTC), "23:00", "23:10"),
    (datetime(2020, 10, 25, 0, 55, tzinfo=UTC), "2:55", "2:05"),
    (datetime(2020, 10, 25, 1, 0, tzinfo=UTC), "2:00", "2:10"),
    (datetime(2020, 10, 25, 22, 0, tzinfo=UTC), "23:00", "23:10"),
]


@pytest.mark.parametrize(("deadline", "deadline_text", "until"), NIGHTS)
def test_nights_when_clocks_change(deadline, deadline_text, until, edition, comunik, dossier, ada):
    Edition.objects.update(
        starts_at=deadline - timedelta(hours=14),
        deadline_at=deadline,
        judging_opens_at=deadline + timedelta(hours=1),
    )
    begun = deadline - MINUTE

    got = [
        outcome(edition, comunik, dossier, ada, begun, deadline + after)
        for after in (-SECOND, 0 * SECOND, SECOND, 10 * MINUTE, 10 * MINUTE + SECOND)
    ]
    with pytest.raises(Refused) as refused:
        deposit(dossier, comunik, ada, begun_at=begun, at=deadline + 11 * MINUTE)

    expected = [
        Punctuality.ON_TIME,
        Punctuality.ON_TIME,
        Punctuality.IN_GRACE,
        Punctuality.IN_GRACE,
        T.GRACE_PASSED,
    ]
    assert got == expected
    assert f"avant {deadline_text}, " in refused.value.refusal.message
    assert f"à {until} au plus tard" in refused.value.refusal.message


def test_extension_over_the_hour_that_is_repeated(edition, comunik, dossier, ada, eve):
    # 60 minutes of delay are 60 minutes, although the wall clock is set back meanwhile.
    deadline = datetime(2020, 10, 25, 0, 30, tzinfo=UTC)  # 2:30 before the change
    Edition.objects.update(
        starts_at=deadline - timedelta(hours=14),
        deadline_at=deadline,
        judging_opens_at=deadline + timedelta(hours=3),
    )
    extend(eve, 60, team=comunik)

    hour = timedelta(hours=1)
    at_the_end = outcome(edition, comunik, dossier, ada, deadline, deadline + hour)
    second_after = deadline + hour + SECOND
    after = outcome(edition, comunik, dossier, ada, second_after, second_after)

    assert (at_the_end, after) == (Punctuality.ON_TIME, T.DEADLINE_PASSED)


def test_instant_of_a_refusal_is_rounded_up(comunik, dossier, ada):
    begun = DEADLINE + timedelta(milliseconds=400)

    with pytest.raises(Refused) as refused:
        deposit(dossier, comunik, ada, begun_at=begun, at=begun)

    assert "limite était 23:00, et l’envoi a commencé à 23:00:01" in refused.value.refusal.message
