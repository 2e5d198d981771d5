from collections import Counter

import pytest

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department
from judging.jury.progress import progress_of
from judging.jury.readings import final_sheets, has_plan, is_judged_by, judged_teams
from judging.jury.selectors import rules_of
from judging.models import Assignment, Juror, JuryRules, Recusal
from judging.plan import services as plans
from judging.setup.services import method, recusals, seats
from teams.models import Team
from teams.services import teams as team_services
from tests.conftest import NOON, make_team, make_user
from tests.judging.conftest import MORNING, NIGHT, live_messages


@pytest.fixture
def twelve(infocom) -> list[Team]:
    return [make_team(infocom, f"Équipe {n:02}") for n in range(12)]


@pytest.fixture
def six(infocom) -> list[Juror]:
    return [
        Juror.objects.create(department=infocom, user=make_user(f"j{n}@example.org", f"Jury {n}"))
        for n in range(6)
    ]


@pytest.fixture
def planned(twelve, six, infocom, eve) -> Department:
    plans.make(department=infocom, by=eve, at=NOON)
    return infocom


def readings() -> Counter[int]:
    return Counter(Assignment.objects.values_list("team_id", flat=True))


def loads() -> Counter[int]:
    return Counter(Assignment.objects.values_list("juror_id", flat=True))


def orders() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in Assignment.objects.order_by("juror_id", "position"):
        found.setdefault(row.juror_id, []).append(row.team_id)
    return found


# ---------------------------------------------------------------- a plan


def test_a_plan_gives_each_team_its_readings_and_jurors_the_same_load(planned, twelve, six):
    assert readings() == {team.pk: 3 for team in twelve}
    assert loads() == {juror.pk: 6 for juror in six}
    assert len({tuple(order) for order in orders().values()}) == 6
    assert [team.pk for team in judged_teams(six[0])] == orders()[six[0].pk]


def test_another_draw_gives_another_plan(planned, eve):
    before = orders()

    plans.redraw(department=planned, by=eve, at=NOON)

    assert orders() != before
    assert rules_of(planned).seed == 2


def test_a_plan_that_still_fits_does_not_change(planned, eve):
    before = orders()

    plans.make(department=planned, by=eve, at=MORNING)

    assert orders() == before


def test_without_a_plan_every_juror_reads_every_team(planned, twelve, six, eve):
    plans.drop(department=planned, by=eve, at=NOON)

    assert judged_teams(six[0]) == twelve
    assert not has_plan(planned)


def test_the_journal_and_messages_of_a_plan_have_no_names(planned):
    entry = JournalEntry.objects.get(act="plan.made")

    assert entry.detail == {"readings": 3, "seed": 1, "added": 36, "removed": 0, "short": []}
    assert {audience for audience, _data in live_messages("jury.changed")} == {
        "organizers",
        f"jury:{planned.pk}",
    }
    assert all(
        data == {"department": "INFOCOM"} for _audience, data in live_messages("jury.changed")
    )


def test_with_too_few_jurors_the_shortfall_is_named(twelve, dan, max, infocom, eve):  # noqa: A002
    solution = plans.make(department=infocom, by=eve, at=NOON)

    assert len(solution.shortfalls) == 12
    assert {shortfall.readings for shortfall in solution.shortfalls} == {2}
    entry = JournalEntry.objects.get(act="plan.made")
    assert entry.detail["short"] == [team.pk for team in twelve]


# ---------------------------------------------------------------- what changes it


def test_unfinished_teams_of_a_juror_who_leaves_go_to_others(planned, six, twelve, fill, eve):
    leaver, other = six[0], six[1]
    mine = judged_teams(leaver)
    fill(leaver, mine[0], 12, 12)
    fill(leaver, mine[1], 12, finish=False)
    begun = judged_teams(other)[2]
    fill(other, begun, 9, finish=False)

    seats.leave(juror=leaver, by=eve, at=NIGHT)

    assert readings() == {team.pk: 3 for team in twelve}
    assert orders()[leaver.pk] == [mine[0].pk]
    assert [sheet.team_id for sheet in final_sheets(planned)] == [mine[0].pk]
    assert begun in judged_teams(other)
    rest = [n for juror, n in loads().items() if juror != leaver.pk]
    assert max(rest) - min(rest) <= 1


def test_jurors_who_stay_keep_their_order(planned, six, eve):
    before = orders()

    seats.leave(juror=six[0], by=eve, at=NIGHT)

    for juror in six[1:]:
        kept = [team for team in orders()[juror.pk] if team in before[juror.pk]]
        assert kept == [team for team in before[juror.pk] if team in kept]
        assert orders()[juror.pk][: len(kept)] == kept


def test_a_juror_who_comes_back_reads_teams_again(planned, six, eve):
    seats.leave(juror=six[0], by=eve, at=NIGHT)
    seats.come_back(juror=six[0], by=eve, at=MORNING)

    assert loads() == {juror.pk: 6 for juror in six}


def test_a_late_juror_gets_a_share(planned, twelve, eve):
    late = seats.appoint(department=planned, email="late@example.org", by=eve, at=NIGHT)

    assert loads()[late.pk] in (5, 6)
    assert readings() == {team.pk: 3 for team in twelve}


def test_after_a_recusal_another_juror_reads_the_team(planned, six, twelve, eve):
    team = judged_teams(six[0])[0]

    recusals.make(juror=six[0], team=team, reason="Sa fille", by=eve, at=NIGHT)

    assert team not in judged_teams(six[0])
    assert not is_judged_by(six[0], team.pk)
    assert readings() == {team.pk: 3 for team in twelve}


def test_a_late_team_gets_its_readers(planned, eve):
    team = team_services.register(planned.edition, planned, "Les Tardifs", by=eve, at=NIGHT)

    assert readings()[team.pk] == 3
    assert JournalEntry.objects.get(act="plan.mended").by is None


def test_planned_readings_do_not_prevent_a_dissolution(planned, twelve, six, eve):
    Recusal.objects.create(juror=six[0], team=twelve[0], made_at=NOON, made_by=eve)

    team_services.dissolve(twelve[0], by=eve, at=NIGHT)

    assert Team.objects.count() == 11
    assert Assignment.objects.count() == 33


def test_a_team_with_marks_is_not_dissolved(planned, six, fill, eve):
    team = judged_teams(six[0])[0]
    fill(six[0], team, 12, 12)

    with pytest.raises(Refused):
        team_services.dissolve(team, by=eve, at=NIGHT)

    assert readings()[team.pk] == 3


def test_more_readings_are_planned_when_they_are_asked_for(planned, twelve, eve):
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


def test_second_readings_stay_beside_the_plan(planned, six, twelve, eve):
    team = next(t for t in twelve if t not in judged_teams(six[0]))
    Assignment.objects.create(juror=six[0], team=team, position=99, kind="second")

    seats.leave(juror=six[5], by=eve, at=NIGHT)

    assert readings()[team.pk] == 4
    assert Assignment.objects.get(kind="second").juror == six[0]


def test_a_dismissed_juror_has_no_planned_readings(planned, six, twelve, eve):
    Recusal.objects.create(juror=six[0], team=twelve[0], made_at=NOON, made_by=eve)

    seats.dismiss(juror=six[0], by=eve, at=NIGHT)

    assert not Juror.objects.filter(pk=six[0].pk).exists()
    assert readings() == {team.pk: 3 for team in twelve}


def test_a_plan_made_during_scoring_keeps_finished_sheets(twelve, six, infocom, fill, eve):
    for juror in six:
        fill(juror, twelve[0], 12, 12)
    fill(six[0], twelve[5], 12, finish=False)

    plans.make(department=infocom, by=eve, at=NIGHT)

    assert readings()[twelve[0].pk] == 6
    assert all(order[0] == twelve[0].pk for order in orders().values())
    assert twelve[5] in judged_teams(six[0])


# ---------------------------------------------------------------- progress


def test_progress_counts_the_teams_that_a_juror_reads(planned, six, fill, eve):
    team = judged_teams(six[0])[0]
    fill(six[0], team, 12, 12)

    progress = progress_of(planned)

    assert (progress.done, progress.total) == (1, 36)
    assert {line.total for line in progress.jurors} == {6}
    assert live_messages("sheet.progressed")[-1][1]["total"] == 6
    recusals.make(juror=six[0], team=team, reason="Sa fille", by=eve, at=NIGHT)
    assert progress_of(planned).done == 0


def test_progress_counts_finished_sheets_of_jurors_who_left(planned, six, fill, eve):
    mine = judged_teams(six[0])
    fill(six[0], mine[0], 12, 12)
    fill(six[0], mine[1], 12, finish=False)

    seats.leave(juror=six[0], by=eve, at=NIGHT)

    progress = progress_of(planned)
    assert [(line.juror, line.done, line.total) for line in progress.gone] == [(six[0], 1, 1)]
    assert (progress.done, progress.total) == (1, 36)


def test_a_team_that_too_few_read_is_counted_in_the_control_room(planned, six, twelve, eve):
    assert progress_of(planned).short == 0
    make_team(planned, "Arrivée sans bruit")

    assert progress_of(planned).short == 1
    for juror in six[:4]:
        seats.leave(juror=juror, by=eve, at=NIGHT)

    assert progress_of(planned).short == 13
