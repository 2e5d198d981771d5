"""What a team may see of its own marks after the results: what was given, never by whom."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.contrib.auth.models import AnonymousUser

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound
from hackathon.editions.models import Edition
from hackathon.editions.rules import results_are_public
from judging.jury.readings import final_sheets
from judging.jury.selectors import criteria_of
from judging.models import Criterion, Deliberation
from judging.ranking import explanation as wording
from judging.ranking.standings import Standing
from teams.models import Membership, Team


@dataclass(frozen=True)
class CriterionMarks:
    """The marks that a team was given on one criterion, from the lowest to the highest: in no other
    order, so that nobody can follow a juror from one criterion to the next.
    """

    criterion: Criterion
    values: list[Decimal]

    @property
    def mean(self) -> Fraction | None:
        """Their mean, on the criterion's own scale."""
        return _mean(self.values)


@dataclass(frozen=True)
class OwnMarks:
    """A team's marks and what was written for it, by the alphabet. `mean` is out of 20."""

    team: Team
    sheets: int
    criteria: list[CriterionMarks]
    comments: list[str]
    mean: Fraction | None
    reckoned: str  # how the ranking's number came of that mean, as it was kept at the lock; or ""


def may_read_own_marks(
    user: User | AnonymousUser, edition: Edition | None, *, at: datetime
) -> bool:
    """Whether this person is in a team that may read its marks now."""
    return _own_team(user, edition, at=at) is not None


def get_own_marks(user: User | AnonymousUser, edition: Edition | None, *, at: datetime) -> OwnMarks:
    """The marks of this person's team. Raises NotFound to all others, before the publication, and
    where the edition does not share them.
    """
    team = _own_team(user, edition, at=at)
    if team is None:
        raise NotFound
    criteria = criteria_of(team.department)
    sheets = [sheet for sheet in final_sheets(team.department) if sheet.team_id == team.pk]
    values: Mapping[int, list[Decimal]] = defaultdict(list)
    for sheet in sheets:
        for score in sheet.scores.all():
            values[score.criterion_id].append(score.value)
    lines = [CriterionMarks(criterion, sorted(values[criterion.pk])) for criterion in criteria]
    comments = sorted(sheet.comment for sheet in sheets if sheet.comment)
    return OwnMarks(team, len(sheets), lines, comments, _weighted(lines), _reckoned(team))


def _reckoned(team: Team) -> str:
    locked = Deliberation.objects.filter(department=team.department_id, locked_at__isnull=False)
    record = locked.values_list("record", flat=True).first() or {}
    for kept in record.get("ranking", {}).get("standings", []):
        standing = Standing(**kept)
        if standing.team == team.pk:
            return wording.reckoning(
                wording.Line(
                    method=record["parameters"]["method"],
                    mean=standing.mean,
                    estimate=standing.estimate,
                    margin=standing.margin,
                    sheets=standing.sheets,
                )
            )
    return ""


def _own_team(user: User | AnonymousUser, edition: Edition | None, *, at: datetime) -> Team | None:
    if edition is None or not edition.shares_marks or not user.is_authenticated:
        return None
    if not results_are_public(edition, at=at):
        return None
    memberships = Membership.objects.filter(edition=edition, user=user)
    membership = memberships.select_related("team__department").first()
    return membership.team if membership else None


def _weighted(lines: list[CriterionMarks]) -> Fraction | None:
    """The plain mean out of 20, criteria by their weight: finished sheets have every mark."""
    marked = [(line.criterion, line.mean) for line in lines if line.mean is not None]
    weight = sum(criterion.weight for criterion, _mean_of_it in marked)
    if not weight:
        return None
    total = sum(
        (criterion.weight * 20 * mean / criterion.scale for criterion, mean in marked), Fraction()
    )
    return total / weight


def _mean(values: list[Decimal]) -> Fraction | None:
    return sum((Fraction(value) for value in values), Fraction()) / len(values) if values else None
