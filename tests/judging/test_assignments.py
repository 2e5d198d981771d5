"""Who reads whom: drawn up, mended when somebody leaves, comes late or is recused."""

from collections import Counter

import pytest

from hackathon.accounts.models import User
from hackathon.core.errors import Refused
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department
from judging.errors import JudgingRefusal
from judging.jury import progress as jury_progress
from judging.jury import readings as jury_readings
from judging.jury import selectors as jury_selectors
from judging.models import Assignment, Juror, JuryRules, Recusal
from judging.plan import services as assignments
from judging.setup.services import method, recusals
from judging.setup.services import seats as jury
from teams.models import Team
from teams.services import teams as team_services
from tests.conftest import NOON, make_team, make_user
from tests.judging.conftest import MORNING, NIGHT, Fill, live_messages

pytestmark = pytest.mark.database


@pytest.fixture
def twelve(infocom: Department) -> list[Team]:
    """Twelve teams."""
    return [make_team(infocom, f"Équipe {n:02}") for n in range(12)]


@pytest.fixture
def six(infocom: Department) -> list[Juror]:
    """Six jurors."""
    return [
        Juror.objects.create(department=infocom, user=make_user(f"j{n}@example.org", f"Jury {n}"))
        for n in range(6)
    ]


@pytest.fixture
def planned(twelve: list[Team], six: list[Juror], infocom: Department, eve: User) -> Department:
    """Their plan, three readings each."""
    assignments.plan(department=infocom, by=eve, at=NOON)
    return infocom


def readings() -> Counter[int]:
    """How many read each team, by its id."""
    return Counter(Assignment.objects.values_list("team_id", flat=True))


def loads() -> Counter[int]:
    """How many teams each juror reads, by their id."""
    return Counter(Assignment.objects.values_list("juror_id", flat=True))


def orders() -> dict[int, list[int]]:
    """Each juror's teams, in their order."""
    found: dict[int, list[int]] = {}
    for row in Assignment.objects.order_by("juror_id", "position"):
        found.setdefault(row.juror_id, []).append(row.team_id)
    return found


# ---------------------------------------------------------------- a plan


def test_a_plan_gives_each_team_its_readings_and_jurors_the_same_load(
    planned: Department, twelve: list[Team], six: list[Juror]
) -> None:
    assert readings() == {team.pk: 3 for team in twelve}
    assert loads() == {juror.pk: 6 for juror in six}
    assert len({tuple(order) for order in orders().values()}) == 6
    assert [team.pk for team in jury_readings.judged_teams(six[0])] == orders()[six[0].pk]


def test_the_same_seed_gives_the_same_plan(planned: Department, eve: User) -> None:
    before = orders()

    assignments.drop(department=planned, by=eve, at=NOON)
    assignments.plan(department=planned, by=eve, at=NOON)

    assert orders() == before


def test_another_draw_gives_another_plan(planned: Department, eve: User) -> None:
    before = orders()

    assignments.redraw(department=planned, by=eve, at=NOON)

    assert orders() != before
    assert jury_selectors.rules_of(planned).seed == 2


def test_a_plan_that_still_fits_does_not_move(planned: Department, eve: User) -> None:
    before = orders()

    assignments.plan(department=planned, by=eve, at=MORNING)

    assert orders() == before


def test_without_a_plan_everybody_reads_everybody(
    planned: Department, twelve: list[Team], six: list[Juror], eve: User
) -> None:
    assignments.drop(department=planned, by=eve, at=NOON)

    assert jury_readings.judged_teams(six[0]) == twelve
    assert not jury_readings.has_plan(planned)


def test_a_plan_is_written_down_and_told_without_names(planned: Department) -> None:
    entry = JournalEntry.objects.get(act="plan.made")

    assert entry.detail == {"readings": 3, "seed": 1, "added": 36, "removed": 0, "short": []}
    assert {audience for audience, _data in live_messages("jury.changed")} == {
        "organizers",
        f"jury:{planned.pk}",
    }
    assert all(
        data == {"department": "INFOCOM"} for _audience, data in live_messages("jury.changed")
    )


def test_too_few_jurors_leave_a_named_shortfall(
    twelve: list[Team],
    dan: Juror,
    max: Juror,  # noqa: A002
    infocom: Department,
    eve: User,
) -> None:
    solution = assignments.plan(department=infocom, by=eve, at=NOON)

    assert len(solution.shortfalls) == 12
    assert {shortfall.readings for shortfall in solution.shortfalls} == {2}
    entry = JournalEntry.objects.get(act="plan.made")
    assert entry.detail["short"] == [team.pk for team in twelve]


# ---------------------------------------------------------------- what changes it


def test_who_leaves_hands_over_what_is_not_finished(
    planned: Department,
    six: list[Juror],
    twelve: list[Team],
    fill: Fill,
    eve: User,
) -> None:
    leaver, other = six[0], six[1]
    mine = jury_readings.judged_teams(leaver)
    fill(leaver, mine[0], 12, 12)
    fill(leaver, mine[1], 12, finish=False)
    begun = jury_readings.judged_teams(other)[2]
    fill(other, begun, 9, finish=False)

    jury.leave(juror=leaver, by=eve, at=NIGHT)

    assert readings() == {team.pk: 3 for team in twelve}
    assert orders()[leaver.pk] == [mine[0].pk]
    assert [sheet.team_id for sheet in jury_readings.final_sheets(planned)] == [mine[0].pk]
    assert begun in jury_readings.judged_teams(other)
    rest = [n for juror, n in loads().items() if juror != leaver.pk]
    assert max(rest) - min(rest) <= 1


def test_who_stays_keeps_their_order(planned: Department, six: list[Juror], eve: User) -> None:
    before = orders()

    jury.leave(juror=six[0], by=eve, at=NIGHT)

    for juror in six[1:]:
        kept = [team for team in orders()[juror.pk] if team in before[juror.pk]]
        assert kept == [team for team in before[juror.pk] if team in kept]
        assert orders()[juror.pk][: len(kept)] == kept


def test_who_comes_back_reads_again(planned: Department, six: list[Juror], eve: User) -> None:
    jury.leave(juror=six[0], by=eve, at=NIGHT)
    jury.come_back(juror=six[0], by=eve, at=MORNING)

    assert loads() == {juror.pk: 6 for juror in six}


def test_who_comes_late_takes_their_share(
    planned: Department, twelve: list[Team], eve: User
) -> None:
    late = jury.appoint(department=planned, email="late@example.org", by=eve, at=NIGHT)

    assert loads()[late.pk] in (5, 6)
    assert readings() == {team.pk: 3 for team in twelve}


def test_a_recusal_hands_the_team_over(
    planned: Department, six: list[Juror], twelve: list[Team], eve: User
) -> None:
    team = jury_readings.judged_teams(six[0])[0]

    recusals.make(juror=six[0], team=team, reason="Sa fille", by=eve, at=NIGHT)

    assert team not in jury_readings.judged_teams(six[0])
    assert not jury_readings.judges(six[0], team.pk)
    assert readings() == {team.pk: 3 for team in twelve}


def test_a_late_team_gets_its_readers(planned: Department, eve: User) -> None:
    team = team_services.register(planned.edition, planned, "Les Tardifs", by=eve, at=NIGHT)

    assert readings()[team.pk] == 3
    assert JournalEntry.objects.get(act="plan.mended").by is None


def test_a_team_that_is_dissolved_was_only_planned(
    planned: Department, twelve: list[Team], six: list[Juror], eve: User
) -> None:
    Recusal.objects.create(juror=six[0], team=twelve[0], made_at=NOON, made_by=eve)

    team_services.dissolve(twelve[0], by=eve, at=NIGHT)

    assert Team.objects.count() == 11
    assert Assignment.objects.count() == 33


def test_a_team_that_was_marked_stays(
    planned: Department, six: list[Juror], fill: Fill, eve: User
) -> None:
    team = jury_readings.judged_teams(six[0])[0]
    fill(six[0], team, 12, 12)

    with pytest.raises(Refused):
        team_services.dissolve(team, by=eve, at=NIGHT)

    assert readings()[team.pk] == 3


def test_more_readings_are_planned_when_they_are_asked_for(
    planned: Department, twelve: list[Team], eve: User
) -> None:
    rules = JuryRules()
    method.choose(
        department=planned,
        method=rules.method,
        readings=4,
        separation=rules.separation,
        by=eve,
        at=NOON,
    )

    assert readings() == {team.pk: 4 for team in twelve}


def test_second_readings_stay_on_top(
    planned: Department, six: list[Juror], twelve: list[Team], eve: User
) -> None:
    team = next(t for t in twelve if t not in jury_readings.judged_teams(six[0]))
    Assignment.objects.create(juror=six[0], team=team, position=99, kind="second")

    jury.leave(juror=six[5], by=eve, at=NIGHT)

    assert readings()[team.pk] == 4
    assert Assignment.objects.get(kind="second").juror == six[0]


def test_a_dismissed_juror_leaves_nothing_planned(
    planned: Department, six: list[Juror], twelve: list[Team], eve: User
) -> None:
    Recusal.objects.create(juror=six[0], team=twelve[0], made_at=NOON, made_by=eve)

    jury.dismiss(juror=six[0], by=eve, at=NIGHT)

    assert not Juror.objects.filter(pk=six[0].pk).exists()
    assert readings() == {team.pk: 3 for team in twelve}


def test_once_marks_are_given_the_plan_is_not_drawn_anew(
    planned: Department, six: list[Juror], fill: Fill, eve: User
) -> None:
    fill(six[0], jury_readings.judged_teams(six[0])[0], 12, 12)
    before = orders()

    with pytest.raises(Refused) as refused:
        assignments.redraw(department=planned, by=eve, at=NIGHT)

    assert refused.value.refusal.code == JudgingRefusal.PLAN_BEGUN
    assert orders() == before


def test_a_plan_made_in_the_middle_keeps_what_is_done(
    twelve: list[Team], six: list[Juror], infocom: Department, fill: Fill, eve: User
) -> None:
    for juror in six:
        fill(juror, twelve[0], 12, 12)
    fill(six[0], twelve[5], 12, finish=False)

    assignments.plan(department=infocom, by=eve, at=NIGHT)

    assert readings()[twelve[0].pk] == 6
    assert all(order[0] == twelve[0].pk for order in orders().values())
    assert twelve[5] in jury_readings.judged_teams(six[0])


# ---------------------------------------------------------------- progress


def test_progress_counts_the_teams_that_a_juror_reads(
    planned: Department, six: list[Juror], fill: Fill, eve: User
) -> None:
    team = jury_readings.judged_teams(six[0])[0]
    fill(six[0], team, 12, 12)

    progress = jury_progress.progress_of(planned)

    assert (progress.done, progress.total) == (1, 36)
    assert {line.total for line in progress.jurors} == {6}
    assert live_messages("sheet.progressed")[-1][1]["total"] == 6
    recusals.make(juror=six[0], team=team, reason="Sa fille", by=eve, at=NIGHT)
    assert jury_progress.progress_of(planned).done == 0


def test_who_left_counts_with_what_they_finished(
    planned: Department, six: list[Juror], fill: Fill, eve: User
) -> None:
    mine = jury_readings.judged_teams(six[0])
    fill(six[0], mine[0], 12, 12)
    fill(six[0], mine[1], 12, finish=False)

    jury.leave(juror=six[0], by=eve, at=NIGHT)

    progress = jury_progress.progress_of(planned)
    assert [(line.juror, line.done, line.total) for line in progress.gone] == [(six[0], 1, 1)]
    assert (progress.done, progress.total) == (1, 36)


def test_a_team_that_too_few_read_is_counted_in_the_control_room(
    planned: Department, six: list[Juror], twelve: list[Team], eve: User
) -> None:
    assert jury_progress.progress_of(planned).short == 0
    make_team(planned, "Arrivée sans bruit")

    assert jury_progress.progress_of(planned).short == 1
    for juror in six[:4]:
        jury.leave(juror=juror, by=eve, at=NIGHT)

    assert jury_progress.progress_of(planned).short == 13
