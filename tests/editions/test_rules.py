from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hackathon.day.announcements import rules as announcements_rules
from hackathon.day.announcements.errors import AnnouncementRefusal
from hackathon.event.editions import rules as editions_rules
from hackathon.event.editions.enums import MilestoneKind, Phase
from hackathon.event.editions.errors import EditionRefusal, Oddity
from hackathon.event.editions.models import Brief, Department, Edition, Milestone
from tests.conftest import DEADLINE, NOON

PARIS = ZoneInfo("Europe/Paris")
SECOND = timedelta(seconds=1)

OPENS = NOON - timedelta(days=10)
CLOSES = NOON - timedelta(hours=5)
STARTS = NOON - timedelta(hours=4)
GRACE_ENDS = DEADLINE + timedelta(minutes=10)
JUDGING = DEADLINE + timedelta(hours=9)


def day(**changes: Any) -> Edition:
    fields: dict[str, Any] = {
        "registration_opens_at": OPENS,
        "registration_closes_at": CLOSES,
        "starts_at": STARTS,
        "deadline_at": DEADLINE,
        "grace_seconds": 600,
        "judging_opens_at": JUDGING,
        **changes,
    }
    return Edition(**fields)


@pytest.mark.parametrize(
    ("bound", "before", "on", "after"),
    [
        (OPENS, Phase.DRAFT, Phase.REGISTRATION, Phase.REGISTRATION),
        (CLOSES, Phase.REGISTRATION, Phase.REGISTRATION, Phase.READY),
        (STARTS, Phase.READY, Phase.RUNNING, Phase.RUNNING),
        (DEADLINE, Phase.RUNNING, Phase.RUNNING, Phase.GRACE),
        (GRACE_ENDS, Phase.GRACE, Phase.GRACE, Phase.CLOSED),
        (JUDGING, Phase.CLOSED, Phase.JUDGING, Phase.JUDGING),
    ],
)
def test_phase_around_each_instant(bound, before, on, after):
    edition = day()

    phases = [
        editions_rules.phase(edition, at=at) for at in (bound - SECOND, bound, bound + SECOND)
    ]

    assert phases == [before, on, after]


@pytest.mark.parametrize(
    ("field", "phase"),
    [("deliberated_at", Phase.DELIBERATED), ("results_published_at", Phase.PUBLISHED)],
)
def test_phase_after_the_juries(field, phase):
    instant = JUDGING + timedelta(hours=4)
    edition = day(**{field: instant})

    phases = [
        editions_rules.phase(edition, at=at) for at in (instant - SECOND, instant, instant + SECOND)
    ]

    assert phases == [Phase.JUDGING, phase, phase]


def test_without_grace_the_event_ends_at_the_deadline():
    edition = day(grace_seconds=0)

    assert editions_rules.phase(edition, at=DEADLINE) == Phase.RUNNING
    assert editions_rules.phase(edition, at=DEADLINE + SECOND) == Phase.CLOSED


def test_judging_that_opens_in_the_grace_waits_for_its_end():
    edition = day(judging_opens_at=DEADLINE)

    assert editions_rules.phase(edition, at=DEADLINE + SECOND) == Phase.GRACE
    assert editions_rules.phase(edition, at=GRACE_ENDS + SECOND) == Phase.JUDGING


@pytest.mark.parametrize(("offset", "published"), [(-1, False), (0, True), (1, True)])
def test_a_brief_is_public_from_its_instant_on(offset, published):
    brief = Brief(published_at=NOON)

    assert editions_rules.brief_is_published(brief, at=NOON + offset * SECOND) == published


@pytest.mark.parametrize(("offset", "public"), [(-1, False), (0, True), (1, True)])
def test_results_are_public_from_their_instant_on(offset, public):
    edition = day(results_published_at=NOON)

    assert editions_rules.results_are_public(edition, at=NOON + offset * SECOND) == public


def test_results_without_an_instant_are_not_public():
    assert not editions_rules.results_are_public(day(), at=NOON + timedelta(days=400))


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (OPENS - SECOND, False),
        (OPENS, True),
        (CLOSES, True),
        (CLOSES + SECOND, False),
    ],
)
def test_the_registration_period_includes_its_bounds(at, open_):
    assert editions_rules.registration_is_open(day(), at=at) == open_


def test_the_day_line_has_launch_and_deadline_in_order():
    lunch = Milestone(pk=1, kind="meal", label="Midi", at=NOON)
    awards = Milestone(pk=2, kind="awards", label="Prix", at=JUDGING)

    line = editions_rules.day_line(day(), [awards, lunch])

    assert [m.kind for m in line] == ["launch", "meal", "deadline", "awards"]
    assert [m.milestone_pk for m in line] == [None, 1, None, 2]


def test_the_launch_comes_first_among_equal_instants():
    briefs = Milestone(pk=1, kind="briefs", label="Sujets", at=STARTS)

    line = editions_rules.day_line(day(), [briefs])

    assert [m.kind for m in line] == ["launch", "briefs", "deadline"]


@pytest.mark.parametrize(
    "changes",
    [
        {"registration_closes_at": OPENS - SECOND},
        {"deadline_at": STARTS},
        {"judging_opens_at": DEADLINE - SECOND},
    ],
)
def test_instants_out_of_order_are_refused(changes):
    refusal = editions_rules.schedule_refusal(day(**changes), at=NOON)

    assert refusal is not None
    assert refusal.code == EditionRefusal.INSTANTS_OUT_OF_ORDER


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"registration_closes_at": OPENS},
        {"deadline_at": STARTS + SECOND},
        {"judging_opens_at": DEADLINE},
    ],
)
def test_instants_in_order_are_accepted(changes):
    assert editions_rules.schedule_refusal(day(**changes), at=NOON) is None


def test_a_deadline_after_the_opening_of_judging_moves_it_too():
    edition = day(judging_opens_at=DEADLINE + timedelta(minutes=10))

    editions_rules.apply_move(edition, {"deadline_at": DEADLINE + timedelta(minutes=30)})

    assert edition.judging_opens_at == DEADLINE + timedelta(minutes=40)


@pytest.mark.parametrize("minutes", [-30, 5, 10])
def test_a_deadline_before_the_opening_of_judging_keeps_it(minutes):
    edition = day(judging_opens_at=DEADLINE + timedelta(minutes=10))

    editions_rules.apply_move(edition, {"deadline_at": DEADLINE + timedelta(minutes=minutes)})

    assert edition.judging_opens_at == DEADLINE + timedelta(minutes=10)


def test_a_given_opening_of_judging_is_kept():
    edition = day(judging_opens_at=DEADLINE)

    editions_rules.apply_move(
        edition, {"deadline_at": DEADLINE + timedelta(hours=1), "judging_opens_at": DEADLINE}
    )

    assert edition.judging_opens_at == DEADLINE


@pytest.mark.parametrize(
    ("source", "weeks", "expected"),
    [
        # Summer time begins on 29 March 2020: 23:00 is 22:00 UTC before, 21:00 UTC after.
        (datetime(2020, 3, 12, 23, tzinfo=PARIS), 4, datetime(2020, 4, 9, 21, tzinfo=UTC)),
        (datetime(2020, 10, 15, 23, tzinfo=PARIS), 4, datetime(2020, 11, 12, 22, tzinfo=UTC)),
        (datetime(2020, 3, 1, 23, tzinfo=PARIS), 1, datetime(2020, 3, 8, 22, tzinfo=UTC)),
        # 2:30 does not exist on 29 March; it becomes 3:30 in summer time.
        (datetime(2020, 3, 22, 2, 30, tzinfo=PARIS), 1, datetime(2020, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_shifting_keeps_the_local_time(source, weeks, expected):
    assert editions_rules.shifted(source.astimezone(UTC), timedelta(weeks=weeks), PARIS) == expected


@given(
    st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - local time
    st.integers(-700, 700),
)
def test_shifting_by_days_keeps_the_local_hour_if_it_exists(wall, days):
    instant = wall.replace(tzinfo=PARIS).astimezone(UTC)
    hour = instant.astimezone(PARIS).timetz().replace(tzinfo=None, fold=0)

    moved = editions_rules.shifted(instant, timedelta(days=days), PARIS).astimezone(PARIS)

    exists = moved.replace(tzinfo=None).time() == hour
    assert exists or moved.hour == hour.hour + 1  # in the gap of daylight saving


def test_the_usual_day_across_the_change_of_clocks():
    instants = editions_rules.usual_instants(date(2020, 3, 29), PARIS, at=NOON)

    assert instants == {
        "registration_opens_at": datetime(2020, 3, 8, 7, tzinfo=UTC),
        "registration_closes_at": datetime(2020, 3, 28, 19, tzinfo=UTC),
        "starts_at": datetime(2020, 3, 29, 6, 30, tzinfo=UTC),
        "deadline_at": datetime(2020, 3, 29, 21, tzinfo=UTC),
        "judging_opens_at": datetime(2020, 3, 30, 6, tzinfo=UTC),
    }


@pytest.mark.parametrize("days", [-30, 0, 1, 30])
def test_the_usual_instants_are_in_order(days):
    instants = editions_rules.usual_instants(NOON.date() + timedelta(days=days), PARIS, at=NOON)

    assert editions_rules.schedule_refusal(Edition(**instants), at=NOON) is None


@pytest.mark.parametrize(
    ("days", "opens"),
    [(1, "2020-02-13 08:00"), (2, "2020-02-14 08:00"), (10, "2020-02-14 08:00")],
)
def test_registration_of_a_day_soon_opens_tomorrow_if_there_is_time(days, opens):
    instants = editions_rules.usual_instants(NOON.date() + timedelta(days=days), PARIS, at=NOON)

    assert f"{instants['registration_opens_at'].astimezone(PARIS):%Y-%m-%d %H:%M}" == opens


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"state": "draft"}, [Oddity.DAY_PAST]),
        ({"registration_closes_at": DEADLINE}, [Oddity.REGISTRATION_LATE]),
        ({"registration_opens_at": OPENS - timedelta(days=200)}, [Oddity.REGISTRATION_EARLY]),
        ({"judging_opens_at": JUDGING + timedelta(days=7)}, [Oddity.JUDGING_LATE]),
        (
            {
                "deadline_at": DEADLINE + timedelta(days=2),
                "judging_opens_at": JUDGING.replace(day=16),
            },
            [Oddity.DAY_LONG],
        ),
    ],
)
def test_odd_instants_are_named(changes, found):
    odd = editions_rules.oddities(day(**changes), [], [], at=DEADLINE + timedelta(days=1))

    assert [oddity.code for oddity in odd] == found


def test_another_year_is_odd_everywhere():
    brief = Brief(department=Department(name="Info"), published_at=NOON - timedelta(days=365))
    lunch = Milestone(kind="meal", label="Midi", at=NOON + timedelta(days=365))

    odd = editions_rules.oddities(day(), [lunch], [brief], at=NOON - timedelta(days=400))

    assert [str(oddity).replace("\xa0", " ") for oddity in odd] == [
        "L’épreuve est dans plus d’un an, le 13 février 2020 : vérifiez l’année.",
        "L’étape « Midi » est le 12 février 2021 à 13:00, loin de l’épreuve.",
        "Le sujet de « Info » paraît le 13 février 2019 à 13:00, hors de l’épreuve.",
    ]


def test_briefs_are_expected_at_their_milestone_and_never_at_the_launch():
    milestone = Milestone(pk=1, kind="briefs", label="Sujets", at=NOON)
    line = editions_rules.day_line(day(), [milestone])
    without = editions_rules.day_line(day(), [])

    found = [
        moment and moment.kind
        for moment in (
            editions_rules.next_public_moment(line, at=STARTS - SECOND),
            editions_rules.next_public_moment(line, at=NOON),
            editions_rules.next_public_moment(without, at=STARTS - SECOND),
        )
    ]

    assert found == [MilestoneKind.BRIEFS, None, None]


def test_the_proposed_instant_of_a_brief_is_its_milestone():
    milestone = Milestone(pk=1, kind="briefs", label="Sujets", at=NOON)

    assert (
        editions_rules.usual_publication(day(), editions_rules.day_line(day(), [milestone])) == NOON
    )
    assert editions_rules.usual_publication(day(), editions_rules.day_line(day(), [])) == STARTS


def test_the_next_change_is_the_next_instant():
    assert editions_rules.next_change_at(day(), [NOON], at=STARTS) == NOON
    assert editions_rules.next_change_at(day(), [NOON], at=NOON) == DEADLINE
    assert editions_rules.next_change_at(day(), [], at=DEADLINE) == GRACE_ENDS
    assert editions_rules.next_change_at(day(), [], at=JUDGING) is None


@pytest.mark.parametrize("audience", ["everyone", "department:3", "team:99"])
def test_existing_audiences_are_accepted(audience):
    assert announcements_rules.announcement_refusal(audience, "Bonjour", department_pks=[3]) is None


@pytest.mark.parametrize(
    "audience", ["", "department:4", "team:", "jury:3", "organizers", "team:x"]
)
def test_unknown_audiences_are_refused(audience):
    refusal = announcements_rules.announcement_refusal(audience, "Bonjour", department_pks=[3])

    assert refusal is not None
    assert refusal.code == AnnouncementRefusal.AUDIENCE_UNKNOWN
