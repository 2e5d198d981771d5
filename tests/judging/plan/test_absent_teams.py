from collections import Counter

import pytest

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department
from judging.deliberation.services import decision as deliberation
from judging.errors import JudgingRefusal
from judging.jury.progress import progress_of
from judging.jury.readings import final_sheets, judged_teams
from judging.models import Assignment, Juror
from judging.plan import services as plans
from judging.plan.selectors import plan_of
from judging.ranking.selectors import ranking_of
from teams.models import Team
from teams.services import organizing
from tests.conftest import NOON, make_team, make_user
from tests.judging.conftest import NIGHT, live_messages
from tests.refusals import refuses


def set_absent(*teams: Team, by: User, absent: bool = True) -> None:
    organizing.set_presence(teams[0].edition, teams, absent=absent, by=by, at=NIGHT)


@pytest.fixture
def planned(infocom, comunik, eve) -> Department:
    for number in range(5):
        make_team(infocom, f"Équipe {number}")
    for number in range(4):
        Juror.objects.create(department=infocom, user=make_user(f"j{number}@example.org"))
    plans.make(department=infocom, by=eve, at=NOON)
    return infocom


def read() -> dict[int, set[int]]:
    return {juror.pk: {team.pk for team in judged_teams(juror)} for juror in Juror.objects.all()}


def test_nobody_reads_an_absent_team_and_the_others_are_shared_again(planned, comunik, eve):
    before = read()
    positions = list(Assignment.objects.filter(team=comunik).values_list("juror", "position"))

    set_absent(comunik, by=eve)

    after = read()
    assert all(comunik.pk not in teams for teams in after.values())
    loads = Counter(len(teams) for teams in after.values())
    assert max(loads) - min(loads) <= 1
    assert sum(len(teams) for teams in after.values()) == 5 * 3
    progress = progress_of(planned)
    assert (progress.teams, progress.short, progress.total) == (5, 0, 15)
    page = plan_of(planned)
    assert ([line.team for line in page.short], page.absent) == ([], [comunik])
    assert ("organizers", {"department": "INFOCOM"}) in live_messages("jury.changed")

    set_absent(comunik, by=eve, absent=False)

    again = list(Assignment.objects.filter(team=comunik).values_list("juror", "position"))
    assert [juror for juror, _position in again] == [juror for juror, _position in positions]
    assert {pk: len(teams) for pk, teams in read().items()} == {
        pk: len(teams) for pk, teams in before.items()
    }


def test_without_a_plan_every_juror_reads_the_present_teams(infocom, comunik, five, dan, eve):
    set_absent(comunik, by=eve)

    assert judged_teams(dan) == [five]
    assert progress_of(infocom).total == 1
    assert not Assignment.objects.exists()


def test_its_marks_are_kept_and_do_not_count(infocom, comunik, five, dan, fill, eve):
    fill(dan, comunik, 18, 18)
    fill(dan, five, 10, 10)

    set_absent(comunik, by=eve)

    absent = ranking_of(infocom)
    assert [sheet.team_id for sheet in final_sheets(infocom)] == [five.pk]
    assert [team.pk for team in absent.teams] == [five.pk]
    set_absent(comunik, by=eve, absent=False)
    back = ranking_of(infocom)
    assert [line.team.pk for line in back.standings] == [comunik.pk, five.pk]
    assert back.basis != absent.basis  # a draft of before must be looked at again


def test_a_jury_locks_without_the_absent_team(infocom, comunik, five, diane, fill, eve):
    # Two winners are wanted, and only one team is there.
    fill(diane, five, 14, 14)
    set_absent(comunik, by=eve)
    deliberation.decide(
        department=infocom, nominees=[five.pk], places={five.pk: 1}, by=diane.user, at=NIGHT
    )

    deliberation.lock(department=infocom, by=diane.user, at=NIGHT)

    with refuses(JudgingRefusal.DELIBERATION_LOCKED):
        set_absent(comunik, by=eve, absent=False)
    comunik.refresh_from_db()
    assert comunik.absent_at is not None


def test_an_absent_team_cannot_be_nominated(infocom, comunik, five, diane, fill, eve):
    fill(diane, five, 14, 14)
    set_absent(comunik, by=eve)

    with refuses(JudgingRefusal.NOMINEE_UNKNOWN):
        deliberation.decide(
            department=infocom, nominees=[comunik.pk], places={}, by=diane.user, at=NIGHT
        )


def test_a_team_with_marks_keeps_its_department(infocom, info, comunik, dan, fill, eve):
    fill(dan, comunik, 18, 18)

    with refuses(JudgingRefusal.TEAM_HAS_MARKS):
        organizing.relocate(comunik.edition, [comunik], department=info, by=eve, at=NIGHT)


def test_a_team_that_changes_its_department_changes_plans(planned, info, comunik, eve):
    organizing.relocate(comunik.edition, [comunik], department=info, by=eve, at=NIGHT)

    assert not Assignment.objects.filter(team=comunik).exists()
    assert sum(len(teams) for teams in read().values()) == 5 * 3
