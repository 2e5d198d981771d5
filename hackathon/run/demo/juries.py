import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department, Edition
from hackathon.run.demo.day import Day, DemoPhase
from hackathon.run.demo.facts import facts
from hackathon.run.demo.people import Accounts
from judging.ceremony.services import messages
from judging.deliberation.selectors.handed_in import lacking
from judging.deliberation.services import decision as deliberation
from judging.deliberation.services import hearings
from judging.enums import Anchor, JurorKind
from judging.jury.readings import judged_teams
from judging.models import Criterion, Juror
from judging.plan import services as plans
from judging.ranking.selectors import ranking_of
from judging.scoring.services import sheets as scoring
from judging.setup.services import criteria, method, recusals
from judging.setup.services import seats as jury
from teams.models import Team

# How much of their teams the jurors of a jury have scored in the phase `judging`.
SCORED_SHARES = (0.8, 0.6, 0.5, 0.7, 0.34, 0.0, 0.5, 0.25)
PER_TEAM = timedelta(minutes=6)
# Qualities out of 20: of the winners of 2020, and mean and deviation of the other teams.
BEST, MEAN, DEVIATION = 16.5, 12.4, 1.3
# Standard deviations: of the severity of jurors, and of their marks.
SEVERITY, NOISE = 1.2, 0.8
# Upper bounds for teams that handed in nothing, or only a part.
NOTHING, A_PART = 7.0, 11.0


def create_juries(edition: Edition, day: Day, accounts: Accounts, *, by: User) -> list[Juror]:
    """For each department: criteria, a president, teachers and a representative of the client."""
    at = day.registration_opens_at
    jurors = []
    for department in edition.departments.all():
        for position, entry in enumerate(facts()["criteria"]):
            criteria.save(department=department, position=position, by=by, at=at, **entry)
        for user, kind, president in _people(department, accounts):
            jurors.append(
                jury.appoint(
                    department=department,
                    email=user.email,
                    kind=kind,
                    is_president=president,
                    by=by,
                    at=at,
                )
            )
    return jurors


def create_plans(edition: Edition, day: Day, *, by: User) -> None:
    at = day.deadline_at - timedelta(hours=2)
    recusal = facts()["recusal"]
    department = edition.departments.get(code=recusal["department"])
    local = f"{recusal['juror']}.{department.code.lower()}@"
    recusals.make(
        juror=department.jurors.get(user__email__startswith=local),
        team=department.teams.get(name=recusal["team"]),
        reason=recusal["reason"],
        by=by,
        at=at,
    )
    for department in edition.departments.all():
        plans.make(department=department, by=by, at=at)


def create_score_sheets(jurors: list[Juror], day: Day) -> None:
    """A mark is the quality of the team less the severity of the juror, with noise."""
    rng = random.Random(20)
    departments = {juror.department for juror in jurors}
    places: dict[int, int] = {}
    quality: dict[int, float] = {}
    incomplete = {
        pk: lacks for department in departments for pk, lacks in lacking(department).items()
    }
    for juror in jurors:
        place = places[juror.department_id] = places.get(juror.department_id, -1) + 1
        severity = rng.gauss(0, SEVERITY)
        teams = judged_teams(juror)
        over = day.phase == DemoPhase.CEREMONY
        finished = round(len(teams) * (1.0 if over else SCORED_SHARES[place % len(SCORED_SHARES)]))
        for index, team in enumerate(teams[: finished + 1]):
            if index == finished and finished == 0:
                break  # this juror has not begun
            level = quality.setdefault(
                team.pk, BEST if team.project else min(BEST - 2, rng.gauss(MEAN, DEVIATION))
            )
            if team.pk in incomplete:
                level = min(level, A_PART if incomplete[team.pk].received else NOTHING)
            at = day.judging_opens_at + PER_TEAM * (index + 1) + timedelta(seconds=juror.pk % 60)
            unfinished = index == finished
            _fill(juror, team, level - severity, rng, at=at, unfinished=unfinished)


def decide(edition: Edition, day: Day) -> None:
    """Locked decisions; the winners are those of 2020 where they are known."""
    for entry in facts()["departments"]:
        department = edition.departments.get(code=entry["code"])
        president = department.jurors.get(is_president=True).user
        incomplete = lacking(department)
        standings = ranking_of(department).standings
        ranked = [line.team for line in standings if line.team.pk not in incomplete]
        real_winners = [team for team in ranked if team.name in entry["winners"]]
        winners = real_winners or ranked[:2]
        nominees = [*winners, *[team for team in ranked if team not in winners][:2]]
        at = day.judging_opens_at + timedelta(hours=3)
        deliberation.decide(
            department=department,
            nominees=[team.pk for team in nominees],
            places={team.pk: 1 if real_winners else place for place, team in enumerate(winners, 1)},
            reason="Le jury a relu ensemble les travaux de tête et retient ces équipes.",
            order_confirmed=True,
            by=president,
            at=at,
        )
        deliberation.lock(department=department, by=president, at=at)


def thank(edition: Edition, day: Day, *, by: User) -> None:
    """Messages between the steps of the ceremony."""
    info = edition.departments.get(code="INFO")
    act: dict[str, Any] = {"by": by, "at": day.judging_opens_at}
    slides: list[tuple[Anchor, Department | None, str, str]] = [
        (Anchor.OPENING, None, "Merci à toutes et à tous", "Un mot de la direction."),
        (Anchor.PASSAGES, info, "Merci aux équipes nommées", ""),
        (Anchor.FINALE, None, "Merci à nos partenaires", "Sans eux, pas de pizzas."),
    ]
    for anchor, of, title, text in slides:
        partner = edition.partners.first() if anchor == Anchor.FINALE else None
        values: dict[str, Any] = {"anchor": anchor, "department": of, "partner": partner}
        messages.save(edition=edition, title=title, text=text, **values, **act)


def decide_in_two_acts(edition: Edition, day: Day, *, by: User) -> None:
    """One jury hears its nominees before it decides."""
    department = edition.departments.get(code="SOCIAL")
    method.hear_nominees(department=department, hears=True, by=by, at=day.judging_opens_at)
    for name in ("Clarté de la présentation", "Réponses aux questions"):
        hearings.add_criterion(department, name=name)


def _people(department: Department, accounts: Accounts) -> list[tuple[User, JurorKind, bool]]:
    """(user, kind, is_president) of each juror."""
    code = department.code.lower()
    names = facts()["juries"][department.code]
    president = accounts.get_or_create(f"presidence.{code}", names[0])
    local = facts()["clients"][department.code]
    client = accounts.get_or_create(local, facts()["client_names"][local])
    return [
        (president, JurorKind.TEACHER, True),
        *(
            (accounts.get_or_create(f"jury{n}.{code}", name), JurorKind.TEACHER, False)
            for n, name in enumerate(names[1:], start=1)
        ),
        (client, JurorKind.CLIENT, False),
    ]


def _fill(
    juror: Juror,
    team: Team,
    level: float,
    rng: random.Random,
    *,
    at: datetime,
    unfinished: bool,
) -> None:
    """Half-point marks around `level`, of all criteria or of the first two."""
    noise = NOISE / 4 if team.project else NOISE  # the two winners of 2020 were ex aequo
    marks: dict[Criterion, Decimal | None] = {}
    for criterion in list(juror.department.criteria.all())[: 2 if unfinished else None]:
        out_of_20 = max(0.0, min(20.0, level + rng.gauss(0, noise)))
        marks[criterion] = criterion.mark_scale.nearest(out_of_20)
    comment = rng.choice(facts()["comments"]) if rng.random() < 0.3 else None
    scoring.save(
        juror=juror,
        team=team,
        marks=marks,
        comment=None if unfinished else comment,
        finish=not unfinished,
        by=juror.user,
        at=at,
    )
