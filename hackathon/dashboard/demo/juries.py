"""The demo's juries: who sits in them, their marks, and in the ceremony their decisions."""

import random
from datetime import datetime, timedelta
from decimal import Decimal

from hackathon.accounts.models import User
from hackathon.dashboard.demo.day import Day, DemoPhase
from hackathon.dashboard.demo.facts import facts
from hackathon.dashboard.demo.people import Cast
from hackathon.editions.models import Edition
from judging.enums import JurorKind
from judging.models import Criterion, Juror
from judging.selectors import ranking_of
from judging.services import criteria, deliberation, jury, scoring
from teams.models import Team

TEACHERS = 3


def seat(edition: Edition, day: Day, cast: Cast, *, by: User) -> list[Juror]:
    """Criteria, a president, teachers and the client's representative for each department."""
    seats = []
    client = cast.named("max", "Max Client")
    at = day.registration_opens_at
    for department in edition.departments.all():
        for position, entry in enumerate(facts()["criteria"]):
            criteria.save(department=department, position=position, by=by, at=at, **entry)
        code = department.code.lower()
        people = [
            (
                cast.named(f"presidence.{code}", f"Diane {department.code.title()}"),
                True,
                JurorKind.TEACHER,
            ),
            *(
                (
                    cast.named(f"jury{n}.{code}", f"Dan {department.code.title()} {n}"),
                    False,
                    JurorKind.TEACHER,
                )
                for n in range(1, TEACHERS + 1)
            ),
            (client, False, JurorKind.CLIENT),
        ]
        seats += [
            jury.appoint(
                department=department,
                email=user.email,
                kind=kind,
                is_president=president,
                by=by,
                at=at,
            )
            for user, president, kind in people
        ]
    return seats


def score(seats: list[Juror], day: Day) -> None:
    """Marks by team quality, juror severity and chance; in `judging` some sheets are still open."""
    chance = random.Random(20)
    quality: dict[int, float] = {}
    done_share = 1.0 if day.phase == DemoPhase.CEREMONY else 0.55
    for juror in seats:
        severity = chance.gauss(0, 1)
        teams = list(juror.department.teams.order_by("pk"))
        for index, team in enumerate(teams):
            quality.setdefault(team.pk, 15.5 if team.project else chance.gauss(12.5, 1.6))
            if index >= len(teams) * done_share + 1:
                break
            unfinished = day.phase == DemoPhase.JUDGING and index >= len(teams) * done_share
            at = day.judging_opens_at + timedelta(minutes=index, seconds=juror.pk % 60)
            _fill(juror, team, quality[team.pk] - severity, chance, at=at, unfinished=unfinished)


def decide(edition: Edition, day: Day) -> None:
    """Nominees and winners of each department, locked; those of 2020 where they are known."""
    for entry in facts()["departments"]:
        department = edition.departments.get(code=entry["code"])
        president = department.jurors.get(is_president=True).user
        ranked = [standing.team for standing in ranking_of(department).standings]
        known = [team for team in ranked if team.name in entry["winners"]]
        winners = known or ranked[:2]
        nominees = [*winners, *[team for team in ranked if team not in winners][:2]]
        at = day.judging_opens_at + timedelta(hours=3)
        deliberation.decide(
            department=department,
            nominees=[team.pk for team in nominees],
            places={team.pk: 1 if known else place for place, team in enumerate(winners, 1)},
            by=president,
            at=at,
        )
        deliberation.lock(department=department, by=president, at=at)


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
    marks: dict[Criterion, Decimal | None] = {}
    for criterion in list(juror.department.criteria.all())[: 2 if unfinished else None]:
        halves = round(max(0.0, min(20.0, level + chance.gauss(0, 1.2))) * criterion.scale / 10)
        marks[criterion] = Decimal(halves) / 2
    scoring.save(juror=juror, team=team, marks=marks, finish=not unfinished, by=juror.user, at=at)
