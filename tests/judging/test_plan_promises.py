"""The promises of a plan hold whatever happens to a jury, and in whatever order."""

from collections.abc import Callable
from decimal import Decimal
from random import Random

import pytest

from hackathon.accounts.models import User
from hackathon.editions.models import Department
from judging.jury import readings as selectors
from judging.models import Assignment, Criterion, Juror, Recusal, ScoreSheet
from judging.plan import services as assignments
from judging.plan.selectors import PlanPage, plan_of
from judging.scoring.services import sheets as scoring
from judging.setup.services import recusals
from judging.setup.services import seats as jury
from teams.models import Team
from teams.services import teams as team_services
from tests.conftest import make_team, make_user
from tests.judging.conftest import NIGHT

EVENTS = 14


@pytest.mark.parametrize("seed", range(6))
def test_promises_are_kept_whatever_happens(
    infocom: Department, criteria: list[Criterion], eve: User, seed: int
) -> None:
    chance = Random(seed)
    for n in range(chance.randint(4, 9)):
        make_team(infocom, f"Équipe {n}")
    for n in range(chance.randint(3, 6)):
        Juror.objects.create(department=infocom, user=make_user(f"j{n}@example.org"))
    assignments.plan(department=infocom, by=eve, at=NIGHT)
    kept(infocom)
    for number in range(EVENTS):
        event = chance.choice(happenings(infocom, criteria, eve, chance, number))
        event()
        kept(infocom)


def happenings(
    department: Department, criteria: list[Criterion], eve: User, chance: Random, number: int
) -> list[Callable[[], object]]:
    """What could happen now, with whom."""
    seated = list(Juror.objects.seated().filter(department=department))
    gone = list(Juror.objects.filter(department=department, left_at__isnull=False))
    teams = list(Team.objects.filter(department=department))
    said = list(Recusal.objects.select_related("juror"))
    act = {"by": eve, "at": NIGHT}

    def arrive() -> object:
        return jury.appoint(department=department, email=f"late{number}@example.org", **act)

    def register() -> object:
        return team_services.register(department.edition, department, f"Tardive {number}", **act)

    found: list[Callable[[], object]] = [arrive, register]
    if len(seated) > 1:
        leaver, recused, team = (chance.choice(x) for x in (seated, seated, teams))
        found += [
            lambda: jury.leave(juror=leaver, **act),
            lambda: recusals.make(juror=recused, team=team, reason="Oui", **act),
        ]
    if gone:
        found.append(lambda: jury.come_back(juror=chance.choice(gone), **act))
    if said:
        found.append(lambda: recusals.withdraw(recusal=chance.choice(said), **act))
    working = [juror for juror in seated if selectors.judged_teams(juror)]
    if working:
        found += [lambda: work(chance.choice(working), criteria, chance)] * 4
    return found


def work(juror: Juror, criteria: list[Criterion], chance: Random) -> None:
    """A juror begins or finishes one of their sheets."""
    team = chance.choice(selectors.judged_teams(juror))
    sheet = ScoreSheet.objects.filter(juror=juror, team=team).first()
    if sheet is None or sheet.state != "final":
        finish = chance.random() < 0.6
        marks = dict.fromkeys(criteria if finish else criteria[:1], Decimal(10))
        at = {"by": juror.user, "at": NIGHT}
        scoring.save(juror=juror, team=team, marks=marks, finish=finish, **at)


def kept(department: Department) -> None:
    """What a plan promises."""
    page = plan_of(department)
    recused = {(r.juror_id, r.team_id) for r in Recusal.objects.all()}
    rows = {(a.juror_id, a.team_id): a.position for a in Assignment.objects.all()}

    assert not recused & rows.keys()
    for line in page.teams:
        assert line.planned >= min(line.wanted, line.able)
    assert not page.is_mendable
    assert page.loads[1] - page.loads[0] <= 1 or has_reason(page)
    for juror in [line.juror for line in page.jurors]:
        places = [place for (pk, _), place in rows.items() if pk == juror.pk]
        assert sorted(places) == list(range(len(places)))
        teams = {team.pk for team in selectors.judged_teams(juror)}
        for sheet in ScoreSheet.objects.filter(juror=juror):
            assert sheet.team_id in teams or (juror.pk, sheet.team_id) in recused


def has_reason(page: PlanPage) -> bool:
    """Whether sheets that are done or recusals explain that loads differ by more than one."""
    return any(line.done or line.drafts for line in page.jurors) or any(
        line.recused for line in page.teams
    )
