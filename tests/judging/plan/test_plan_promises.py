from collections.abc import Callable
from decimal import Decimal
from random import Random

import pytest

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department
from judging.jury.readings import judged_teams
from judging.models import Assignment, Criterion, Juror, Recusal, ScoreSheet
from judging.plan import services as plans
from judging.plan.selectors import PlanPage, plan_of
from judging.scoring.services import sheets
from judging.setup.services import recusals, seats
from teams.models import Team
from teams.services import teams as team_services
from tests.conftest import make_team, make_user
from tests.judging.conftest import NIGHT

EVENTS = 14


@pytest.mark.parametrize("seed", range(6))
def test_promises_are_kept_whatever_happens(infocom, criteria, eve, seed):
    chance = Random(seed)
    for n in range(chance.randint(4, 9)):
        make_team(infocom, f"Équipe {n}")
    for n in range(chance.randint(3, 6)):
        Juror.objects.create(department=infocom, user=make_user(f"j{n}@example.org"))
    plans.make(department=infocom, by=eve, at=NIGHT)
    assert_promises(infocom)
    for number in range(EVENTS):
        event = chance.choice(possible_events(infocom, criteria, eve, chance, number))
        event()
        assert_promises(infocom)


def possible_events(
    department: Department, criteria: list[Criterion], eve: User, chance: Random, number: int
) -> list[Callable[[], object]]:
    seated = list(Juror.objects.seated().filter(department=department))
    gone = list(Juror.objects.filter(department=department, left_at__isnull=False))
    teams = list(Team.objects.filter(department=department))
    existing = list(Recusal.objects.select_related("juror"))
    by_eve = {"by": eve, "at": NIGHT}

    def arrive() -> object:
        return seats.appoint(department=department, email=f"late{number}@example.org", **by_eve)

    def register() -> object:
        return team_services.register(department.edition, department, f"Tardive {number}", **by_eve)

    found: list[Callable[[], object]] = [arrive, register]
    if len(seated) > 1:
        leaver, recused, team = (chance.choice(x) for x in (seated, seated, teams))
        found += [
            lambda: seats.leave(juror=leaver, **by_eve),
            lambda: recusals.make(juror=recused, team=team, reason="Oui", **by_eve),
        ]
    if gone:
        found.append(lambda: seats.come_back(juror=chance.choice(gone), **by_eve))
    if existing:
        found.append(lambda: recusals.withdraw(recusal=chance.choice(existing), **by_eve))
    working = [juror for juror in seated if judged_teams(juror)]
    if working:
        found += [lambda: mark_a_team(chance.choice(working), criteria, chance)] * 4
    return found


def mark_a_team(juror: Juror, criteria: list[Criterion], chance: Random) -> None:
    team = chance.choice(judged_teams(juror))
    sheet = ScoreSheet.objects.filter(juror=juror, team=team).first()
    if sheet is None or sheet.state != "final":
        finish = chance.random() < 0.6
        marks = dict.fromkeys(criteria if finish else criteria[:1], Decimal(10))
        at = {"by": juror.user, "at": NIGHT}
        sheets.save(juror=juror, team=team, marks=marks, finish=finish, **at)


def assert_promises(department: Department) -> None:
    page = plan_of(department)
    recused = {(r.juror_id, r.team_id) for r in Recusal.objects.all()}
    rows = {(a.juror_id, a.team_id): a.position for a in Assignment.objects.all()}

    assert not recused & rows.keys()
    for line in page.teams:
        assert line.planned >= min(line.wanted, line.able)
    assert not page.is_repairable
    assert page.loads[1] - page.loads[0] <= 1 or has_reason(page)
    for juror in [line.juror for line in page.jurors]:
        places = [place for (pk, _), place in rows.items() if pk == juror.pk]
        assert sorted(places) == list(range(len(places)))
        teams = {team.pk for team in judged_teams(juror)}
        for sheet in ScoreSheet.objects.filter(juror=juror):
            assert sheet.team_id in teams or (juror.pk, sheet.team_id) in recused


# Finished sheets and recusals can make loads differ by more than one.
def has_reason(page: PlanPage) -> bool:
    return any(line.done or line.drafts for line in page.jurors) or any(
        line.recused for line in page.teams
    )
