"""A juror's own sheets side by side, never another juror's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from judging.enums import SheetState
from judging.jury.readings import judged_teams
from judging.jury.selectors import criteria_of
from judging.models import Criterion, Juror, ScoreSheet
from judging.ranking.selectors import weightings_of
from judging.ranking.standings import total
from teams.models import Team


@dataclass(frozen=True)
class ComparedSheet:
    """Empty if it is not begun. `marks` by criterion id. `total` is out of 20, None while a mark is
    missing.
    """

    team: Team
    marks: dict[int, Decimal]
    total: Fraction | None
    is_final: bool
    version: int
    comment: str
    notes: str
    is_chosen: bool


@dataclass(frozen=True)
class Comparison:
    juror: Juror
    criteria: list[Criterion]
    sheets: list[ComparedSheet]
    first: int | None
    second: int | None


def comparison_of(juror: Juror, *, first: str = "", second: str = "") -> Comparison:
    """All own sheets, of which two are chosen by the id of their team. What does not exist is
    replaced by the next team, begun sheets first. A fixed number of queries.
    """
    teams, criteria = judged_teams(juror), criteria_of(juror.department)
    own = ScoreSheet.objects.filter(juror=juror).prefetch_related("scores")
    sheets = {sheet.team_id: sheet for sheet in own}
    begun_first = sorted(teams, key=lambda team: team.pk not in sheets)
    chosen = _chosen([team.pk for team in begun_first], first, second)
    return Comparison(
        juror=juror,
        criteria=criteria,
        sheets=[
            _compared(team, sheets.get(team.pk), criteria, is_chosen=team.pk in chosen)
            for team in teams
        ],
        first=chosen[0] if chosen else None,
        second=chosen[1] if len(chosen) > 1 else None,
    )


def _chosen(teams: Sequence[int], *wanted: str) -> list[int]:
    """At most two different ones."""
    by_text = {str(pk): pk for pk in teams}
    known = [by_text[text] for text in wanted if text in by_text]
    return list(dict.fromkeys([*known, *teams]))[:2]


def _compared(
    team: Team, sheet: ScoreSheet | None, criteria: Sequence[Criterion], *, is_chosen: bool
) -> ComparedSheet:
    marks = {score.criterion_id: score.value for score in sheet.scores.all()} if sheet else {}
    is_whole = bool(criteria) and len(marks) == len(criteria)
    return ComparedSheet(
        team=team,
        marks=marks,
        total=total(marks, weightings_of(criteria)) if is_whole else None,
        is_final=sheet is not None and sheet.state == SheetState.FINAL,
        version=sheet.version if sheet else 0,
        comment=sheet.comment if sheet else "",
        notes=sheet.notes if sheet else "",
        is_chosen=is_chosen,
    )
