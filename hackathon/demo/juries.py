"""The demo's juries: who sits in them, who reads whom, their marks, and in the ceremony their
decisions.
"""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from hackathon.accounts.models import User
from hackathon.demo.day import Day, DemoPhase
from hackathon.demo.facts import facts
from hackathon.demo.people import Cast
from hackathon.editions.models import Department, Edition
from judging.deliberation.selectors.handed_in import lacking
from judging.deliberation.services import decision as deliberation
from judging.enums import JurorKind
from judging.jury.readings import judged_teams
from judging.models import Criterion, Juror
from judging.plan import services as plans
from judging.ranking.selectors import ranking_of
from judging.scoring.services import sheets as scoring
from judging.setup.services import criteria, recusals
from judging.setup.services import seats as jury
from teams.models import Team

# How far jurors of a jury are after three quarters of an hour, as a share of their teams.
PACES = (0.8, 0.6, 0.5, 0.7, 0.34, 0.0, 0.5, 0.25)
PER_TEAM = timedelta(minutes=6)
BEST, USUAL, SPREAD = 16.5, 12.4, 1.3  # qualities out of 20: the winners of 2020, and the others
SEVERITY, NOISE = 1.2, 0.8
NOTHING, A_PART = 7.0, 11.0  # at most, for who handed in nothing or not all they had to


def seat(edition: Edition, day: Day, cast: Cast, *, by: User) -> list[Juror]:
    """Criteria, a president, teachers and one of the client's people for each department."""
    at = day.registration_opens_at
    seats = []
    for department in edition.departments.all():
        for position, entry in enumerate(facts()["criteria"]):
            criteria.save(department=department, position=position, by=by, at=at, **entry)
        for user, kind, president in _people(department, cast):
            seats.append(
                jury.appoint(
                    department=department,
                    email=user.email,
                    kind=kind,
                    is_president=president,
                    by=by,
                    at=at,
                )
            )
    return seats


def share(edition: Edition, day: Day, *, by: User) -> None:
    """One recusal, then a plan of three readings in each department."""
    at = day.deadline_at - timedelta(hours=2)
    known = facts()["recusal"]
    department = edition.departments.get(code=known["department"])
    local = f"{known['juror']}.{department.code.lower()}@"
    recusals.make(
        juror=department.jurors.get(user__email__startswith=local),
        team=department.teams.get(name=known["team"]),
        reason=known["reason"],
        by=by,
        at=at,
    )
    for department in edition.departments.all():
        plans.make(department=department, by=by, at=at)


def score(seats: list[Juror], day: Day) -> None:
    """Marks by team quality, juror severity and chance; in `judging` some sheets are still open."""
    chance = random.Random(20)
    departments = {juror.department for juror in seats}
    places: dict[int, int] = {}
    quality: dict[int, float] = {}
    wanting = {pk: found for department in departments for pk, found in lacking(department).items()}
    for juror in seats:
        place = places[juror.department_id] = places.get(juror.department_id, -1) + 1
        severity = chance.gauss(0, SEVERITY)
        teams = judged_teams(juror)
        over = day.phase == DemoPhase.CEREMONY
        finished = round(len(teams) * (1.0 if over else PACES[place % len(PACES)]))
        for index, team in enumerate(teams[: finished + 1]):
            if index == finished and finished == 0:
                break  # not here yet
            level = quality.setdefault(
                team.pk, BEST if team.project else min(BEST - 2, chance.gauss(USUAL, SPREAD))
            )
            if team.pk in wanting:
                level = min(level, A_PART if wanting[team.pk].received else NOTHING)
            at = day.judging_opens_at + PER_TEAM * (index + 1) + timedelta(seconds=juror.pk % 60)
            unfinished = index == finished
            _fill(juror, team, level - severity, chance, at=at, unfinished=unfinished)


def decide(edition: Edition, day: Day) -> None:
    """Nominees and winners of each department, locked; those of 2020 where they are known."""
    for entry in facts()["departments"]:
        department = edition.departments.get(code=entry["code"])
        president = department.jurors.get(is_president=True).user
        wanting = lacking(department)
        standings = ranking_of(department).standings
        ranked = [line.team for line in standings if line.team.pk not in wanting]
        known = [team for team in ranked if team.name in entry["winners"]]
        winners = known or ranked[:2]
        nominees = [*winners, *[team for team in ranked if team not in winners][:2]]
        at = day.judging_opens_at + timedelta(hours=3)
        deliberation.decide(
            department=department,
            nominees=[team.pk for team in nominees],
            places={team.pk: 1 if known else place for place, team in enumerate(winners, 1)},
            reason="Le jury a relu ensemble les travaux de tête et retient ces équipes.",
            order_confirmed=True,
            by=president,
            at=at,
        )
        deliberation.lock(department=department, by=president, at=at)


def _people(department: Department, cast: Cast) -> list[tuple[User, JurorKind, bool]]:
    """Who sits in this jury, its president first: (person, quality, presides)."""
    code = department.code.lower()
    names = facts()["juries"][department.code]
    president = cast.named(f"presidence.{code}", names[0])
    local = facts()["clients"][department.code]
    client = cast.named(local, facts()["client_names"][local])
    return [
        (president, JurorKind.TEACHER, True),
        *(
            (cast.named(f"jury{n}.{code}", name), JurorKind.TEACHER, False)
            for n, name in enumerate(names[1:], start=1)
        ),
        (client, JurorKind.CLIENT, False),
    ]


def _fill(
    juror: Juror,
    team: Team,
    level: float,
    chance: random.Random,
    *,
    at: datetime,
    unfinished: bool,
) -> None:
    """One sheet: half-point marks around `level`, all of them or the first two."""
    noise = NOISE / 4 if team.project else NOISE  # nobody could tell those two apart
    marks: dict[Criterion, Decimal | None] = {}
    for criterion in list(juror.department.criteria.all())[: 2 if unfinished else None]:
        out_of_20 = max(0.0, min(20.0, level + chance.gauss(0, noise)))
        marks[criterion] = criterion.mark_scale.nearest(out_of_20)
    said = chance.choice(facts()["comments"]) if chance.random() < 0.3 else None
    scoring.save(
        juror=juror,
        team=team,
        marks=marks,
        comment=None if unfinished else said,
        finish=not unfinished,
        by=juror.user,
        at=at,
    )
