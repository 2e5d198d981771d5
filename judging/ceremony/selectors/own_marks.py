from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from judging.deliberation.selectors.hearings import passage_criteria_of, passage_means
from judging.jury.readings import final_sheets
from judging.jury.selectors import criteria_of
from judging.models import Award, Criterion, Deliberation, ScoreSheet
from judging.ranking.selectors import recorded_ranking, weightings_of
from judging.ranking.standings import Standing, total
from teams.models import Membership, Team


@dataclass(frozen=True)
class CriterionMarks:
    """`values` are sorted: their order must not show which marks are of the same juror."""

    criterion: Criterion
    values: list[Decimal]

    @property
    def shown(self) -> list[str]:
        return [self.criterion.mark_scale.show(value) for value in self.values]

    @property
    def mean(self) -> Fraction | None:
        return _mean(self.values)


@dataclass(frozen=True)
class OwnMarks:
    """`comments` are sorted by text, for secrecy. `mean` is out of 20. `group`: this team and those
    that are ex aequo with it; only their ranks may be shown. `ranked`: teams in the table.
    `apart`: the department has several tables, because groups of teams had different jurors.
    `place`: of the team in the palmarès. `is_choice`: the jury had to choose among this group for a
    place. `passage`: criteria and means, if the jury heard this team.
    """

    team: Team
    sheets: int
    criteria: list[CriterionMarks]
    comments: list[str]
    mean: Fraction | None
    standing: Standing | None
    method: str
    group: list[Standing] = field(default_factory=list)
    ranked: int = 0
    apart: bool = False
    place: int | None = None
    is_choice: bool = False
    passage: list[tuple[str, Fraction]] = field(default_factory=list)

    @property
    def others(self) -> int:
        return max(len(self.group) - 1, 0)


def get_own_team(user: User | AnonymousUser, edition: Edition | None, *, at: datetime) -> Team:
    """Raises NotFound without a team, before the publication, or if marks are not shared."""
    if edition is None or not edition.shares_marks:
        raise NotFound
    return get_team_after_results(user, edition, at=at)


def get_team_after_results(
    user: User | AnonymousUser, edition: Edition | None, *, at: datetime
) -> Team:
    """Raises `NotFound` without a team, and before the publication of its department."""
    if edition is None or not user.is_authenticated:
        raise NotFound
    if not results_are_public(edition, at=at):
        raise NotFound
    memberships = Membership.objects.filter(edition=edition, user=user)
    team = get_or_not_found(memberships.select_related("team__department__edition")).team
    if not results_are_public(team.department, at=at):
        raise NotFound
    return team


def get_own_marks(user: User | AnonymousUser, edition: Edition | None, *, at: datetime) -> OwnMarks:
    """Raises NotFound like `get_own_team`."""
    team = get_own_team(user, edition, at=at)
    return marks_from(team, counted_sheets(team))


def counted_sheets(team: Team) -> list[ScoreSheet]:
    return [sheet for sheet in final_sheets(team.department) if sheet.team_id == team.pk]


def marks_from(team: Team, sheets: Sequence[ScoreSheet]) -> OwnMarks:
    """No access check here."""
    criteria = criteria_of(team.department)
    values: Mapping[int, list[Decimal]] = defaultdict(list)
    for sheet in sheets:
        for score in sheet.scores.all():
            values[score.criterion_id].append(score.value)
    lines = [CriterionMarks(criterion, sorted(values[criterion.pk])) for criterion in criteria]
    comments = sorted(sheet.comment for sheet in sheets if sheet.comment)
    own = OwnMarks(team, len(sheets), lines, comments, _weighted(lines), standing=None, method="")
    return replace(_with_standing(own), passage=_passage(team))


def _passage(team: Team) -> list[tuple[str, Fraction]]:
    criteria = passage_criteria_of(team.department)
    (means,) = passage_means(team.department, criteria, [team])
    return [
        (c.name, mean) for c, mean in zip(criteria, means.values, strict=True) if mean is not None
    ]


def _with_standing(own: OwnMarks) -> OwnMarks:
    """With rank, group and place of the decision when it was locked; unchanged if it is not."""
    team = own.team
    locked = Deliberation.objects.filter(department=team.department_id, locked_at__isnull=False)
    record = locked.values_list("record", flat=True).first() or {}
    awarded = Q(deliberation__in=locked, rank__isnull=False)
    if "ranking" not in record:
        return own
    tables = recorded_ranking(record).tables
    places = dict(Award.objects.filter(awarded).values_list("team", "rank"))
    for groups in tables:
        for group in groups:
            for standing in group:
                if standing.team == team.pk:
                    return replace(
                        own,
                        standing=standing,
                        method=record["parameters"]["method"],
                        group=group,
                        ranked=sum(len(group) for group in groups),
                        apart=len(tables) > 1,
                        place=places.get(team.pk),
                        is_choice=is_choice(group, places, tables=len(tables)),
                    )
    return own


def is_choice(group: Sequence[Standing], places: Mapping[int, int | None], *, tables: int) -> bool:
    """Whether the jury gave teams that are ex aequo different places, or a place to some of them.
    `places`: by the primary key of the team, as they were announced.
    """
    return tables == 1 and len({places.get(standing.team) for standing in group}) > 1


def _weighted(lines: list[CriterionMarks]) -> Fraction | None:
    """Out of 20. Equal to the mean of totals, because finished sheets have all marks."""
    means = {line.criterion.pk: line.mean for line in lines if line.mean is not None}
    return total(means, weightings_of(line.criterion for line in lines))


def _mean(values: list[Decimal]) -> Fraction | None:
    return sum((Fraction(value) for value in values), Fraction()) / len(values) if values else None
