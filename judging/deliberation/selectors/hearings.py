"""The marks that jurors give to the nominees while they hear them."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib.auth.models import AnonymousUser

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Department, Edition
from judging.jury.rules import Stage
from judging.jury.selectors import get_juror_for, stage_of
from judging.models import Juror, PassageCriterion, PassageMark, Recusal
from teams.models import Team


@dataclass(frozen=True)
class NomineeMarks:
    """`marks`: of one juror, by id of the criterion."""

    team: Team
    marks: dict[int, Decimal] = field(default_factory=dict)
    is_recused: bool = False


@dataclass(frozen=True)
class Means:
    """Of all jurors, out of 20, in the order of the criteria; None without a mark."""

    team: Team
    values: list[Fraction | None]
    jurors: int


def get_hearing_juror_for(
    user: User | AnonymousUser, code: str, edition: Edition | None
) -> tuple[Juror, Stage]:
    """Raises NotFound unless the nominees of this jury are locked in the first of two acts."""
    juror = get_juror_for(user, code, edition)
    stage = stage_of(juror.department)
    if not stage.hears:
        raise NotFound
    return juror, stage


def passage_criteria_of(department: Department) -> list[PassageCriterion]:
    return list(PassageCriterion.objects.filter(department=department))


def passages_of(juror: Juror) -> list[NomineeMarks]:
    """The nominees, by name, with the juror's own marks. Three queries."""
    marks: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for mark in PassageMark.objects.filter(juror=juror):
        marks[mark.team_id][mark.criterion_id] = mark.value
    recused = set(Recusal.objects.filter(juror=juror).values_list("team", flat=True))
    nominees = Team.objects.filter(nominations__deliberation__department=juror.department)
    return [
        NomineeMarks(team, marks[team.pk], team.pk in recused) for team in nominees.order_by("name")
    ]


def passage_means(
    department: Department, criteria: list[PassageCriterion], teams: list[Team]
) -> list[Means]:
    """No access check. One query."""
    values: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    jurors: dict[int, set[int]] = defaultdict(set)
    for mark in PassageMark.objects.filter(criterion__department=department):
        values[mark.team_id, mark.criterion_id].append(mark.value)
        jurors[mark.team_id].add(mark.juror_id)
    return [
        Means(team, [_mean(values[team.pk, c.pk]) for c in criteria], len(jurors[team.pk]))
        for team in teams
    ]


def passages_record(department: Department) -> dict[str, Any]:
    """For the record of the lock. Sorted, and with ids."""
    marks = PassageMark.objects.filter(criterion__department=department)
    rows = marks.order_by("team", "juror", "criterion__position", "criterion")
    return {
        "criteria": [{"id": c.pk, "name": c.name} for c in passage_criteria_of(department)],
        "marks": [
            {
                "juror": mark.juror_id,
                "team": mark.team_id,
                "criterion": mark.criterion_id,
                "value": f"{mark.value.normalize():f}",
            }
            for mark in rows
        ],
    }


def _mean(values: list[Decimal]) -> Fraction | None:
    return sum((Fraction(value) for value in values), Fraction()) / len(values) if values else None
