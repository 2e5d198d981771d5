"""No access check here: callers fetch the president's seat first."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from hackathon.event.editions.models import Department, Edition
from judging.enums import SheetState
from judging.jury.selectors import rules_of
from judging.models import Criterion, Deliberation, Juror, JuryRules, Recusal, Score, ScoreSheet
from judging.ranking import standings
from judging.ranking.noise import Noise
from judging.ranking.results import (
    CloseTeam,
    Comment,
    DepartmentRanking,
    RankingResult,
    TeamStanding,
)
from judging.ranking.standings import Key, Severity, Sheet, Standing, Total, Weighting
from teams.models import Team


@dataclass(frozen=True)
class MarkedSheet(Sheet):
    """`juror`, `team` and the keys of `marks` (criteria) are ids."""

    juror: int
    team: int
    marks: Mapping[int, Decimal]
    comment: str = ""


@dataclass(frozen=True)
class RankingInputs:
    """`wanted`: readings that each team should have, by id."""

    department: Department
    rules: JuryRules
    criteria: list[Criterion]
    teams: dict[int, Team]
    sheets: list[MarkedSheet]
    noise: Noise
    wanted: dict[int, int]

    @cached_property
    def totals(self) -> list[Total]:
        """Out of 20."""
        return standings.totals(self.sheets, weightings_of(self.criteria))

    @cached_property
    def digest(self) -> str:
        """The noise is left out: marks of other juries must not make a draft out of date."""
        inputs = {
            "method": self.rules.method,
            "separation": f"{self.rules.separation:.2f}",
            "criteria": sorted((c.pk, c.weight, c.scale) for c in self.criteria),
            "teams": sorted(self.teams),
            "sheets": sorted(
                (s.juror, s.team, sorted((k, str(v.normalize())) for k, v in s.marks.items()))
                for s in self.sheets
            ),
        }
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def ranking_of(department: Department) -> DepartmentRanking:
    """The recorded ranking once it is locked: marks of other juries would change its margins.

    A fixed number of queries.
    """
    return ranking_from(ranking_inputs(department))


def ranking_from(inputs: RankingInputs) -> DepartmentRanking:
    """As `ranking_of`."""
    record = record_at_lock(inputs.department)
    result = recorded_ranking(record) if "ranking" in record else compute_ranking(inputs)
    return department_ranking(inputs, result)


def record_at_lock(department: Department) -> dict[str, Any]:
    """Of the nominees in the second of two acts, which decides on the same ranking. Empty before
    the lock.
    """
    locked = Deliberation.objects.nominated().filter(department=department)
    for decided_at, record, nominations in locked.values_list(
        "locked_at", "record", "nomination_seal__record"
    ):
        return (record if decided_at else nominations) or {}
    return {}


def ranking_inputs(department: Department) -> RankingInputs:
    """Nine queries for any number of departments: the noise is that of all juries."""
    sheets = marked_sheets(department.edition)
    criteria: dict[int, list[Criterion]] = defaultdict(list)
    for criterion in Criterion.objects.filter(department__edition=department.edition_id):
        criteria[criterion.department_id].append(criterion)
    teams = {team.pk: team for team in Team.objects.present().filter(department=department)}
    rules = rules_of(department)
    return RankingInputs(
        department=department,
        rules=rules,
        criteria=criteria[department.pk],
        teams=teams,
        sheets=sheets.get(department.pk, []),
        noise=_noise(sheets, criteria),
        wanted=_wanted_readings(department, teams, rules.readings),
    )


def compute_ranking(inputs: RankingInputs) -> RankingResult:
    ranking = standings.rank(
        inputs.totals,
        teams=inputs.teams,
        method=inputs.rules.method,
        separation=float(inputs.rules.separation),
        noise=inputs.noise,
    )
    return RankingResult(
        standings=ranking.standings,
        groups=ranking.groups,
        jurors=ranking.jurors,
        not_ranked=ranking.not_ranked,
        pairs={(above, below): p for above, below, p in ranking.pairs()},
        reliabilities=[order.reliability for order in ranking.orders],
        wanted=inputs.wanted,
    )


def recorded_ranking(record: Mapping[str, Any]) -> RankingResult:
    """`record` is made at the lock (`judging.deliberation.services.records`)."""
    ranking = record["ranking"]
    return RankingResult(
        standings=[Standing(**standing) for standing in ranking["standings"]],
        groups=ranking["groups"],
        jurors=[Severity(**severity) for severity in ranking["jurors"]],
        not_ranked=ranking["not_ranked"],
        pairs={(above, below): p for above, below, p in ranking.get("pairs", ())},
        reliabilities=ranking.get("reliabilities", []),
        wanted=dict(ranking.get("wanted", ())),
    )


def department_ranking(inputs: RankingInputs, result: RankingResult) -> DepartmentRanking:
    """One query."""
    names = _juror_names(inputs.department)
    comments: dict[int, list[Comment]] = defaultdict(list)
    for sheet in inputs.sheets:
        if sheet.comment:
            comments[sheet.team].append(Comment(names[sheet.juror], sheet.comment))
    group_of = {pk: group for group in result.groups for pk in group}
    separation = float(inputs.rules.separation)
    close = _close_teams(result, separation, inputs.teams)
    return DepartmentRanking(
        department=inputs.department,
        method=inputs.rules.method,
        separation=separation,
        standings=[
            TeamStanding(
                team=inputs.teams[s.team],
                standing=s,
                tied_with=[inputs.teams[pk] for pk in group_of[s.team] if pk != s.team],
                close=close[s.team],
                comments=comments[s.team],
                wanted=result.wanted.get(s.team, 0),
                read_once=_is_joined(result, separation, group_of[s.team]),
            )
            for s in result.standings
        ],
        result=result,
        not_ranked=[inputs.teams[pk] for pk in result.not_ranked],
        sheets=len(inputs.sheets),
        basis=inputs.digest,
    )


def marked_sheets(edition: Edition | int) -> dict[int, list[MarkedSheet]]:
    """By department id. The same sheets as `judging.jury.readings.final_sheets`. Four queries.

    Filters in Python: for one SQL statement PostgreSQL takes minutes while its statistics are old.
    """
    marks: dict[int, dict[int, Decimal]] = defaultdict(dict)
    scores = Score.objects.filter(sheet__team__edition=edition, sheet__state=SheetState.FINAL)
    for sheet, criterion, value in scores.values_list("sheet_id", "criterion_id", "value"):
        marks[sheet][criterion] = value
    jurors = Juror.objects.counted().filter(department__edition=edition)
    seats = dict(jurors.values_list("pk", "department_id"))
    recused = set(Recusal.objects.filter(team__edition=edition).values_list("juror_id", "team_id"))
    by_department: dict[int, list[MarkedSheet]] = defaultdict(list)
    finished = ScoreSheet.objects.filter(
        team__edition=edition, team__absent_at=None, state=SheetState.FINAL
    )
    rows = finished.order_by("pk").values_list(
        "pk", "team__department_id", "juror_id", "team_id", "comment"
    )
    for pk, department, juror, team, comment in rows:
        if seats.get(juror) == department and (juror, team) not in recused:
            by_department[department].append(MarkedSheet(juror, team, marks[pk], comment))
    return by_department


def _noise(
    sheets: Mapping[int, Sequence[MarkedSheet]], criteria: Mapping[int, Iterable[Criterion]]
) -> Noise:
    """Pooled over the edition. Floats are precise enough for variances."""
    return standings.pooled_noise(
        standings.totals(sheets[department], weightings_of(criteria[department]), number=float)
        for department in sorted(sheets)
    )


def _close_teams(
    result: RankingResult, separation: float, teams: Mapping[int, Team]
) -> dict[int, list[CloseTeam]]:
    """Of other groups. By team id, in the order of the ranking."""
    group_of = {pk: number for number, group in enumerate(result.groups) for pk in group}
    close: dict[int, list[CloseTeam]] = defaultdict(list)
    for (above, below), chance in result.pairs.items():
        if chance < separation and group_of[above] != group_of[below]:
            close[below].append(CloseTeam(teams[above], True, chance))
            close[above].append(CloseTeam(teams[below], False, chance))
    return close


def _is_joined(result: RankingResult, separation: float, group: Sequence[int]) -> bool:
    """Only then a pair of a group is separated (`standings.groups_of`)."""
    return len(group) == 2 and result.pairs.get((group[0], group[1]), 0) >= separation


def _wanted_readings(department: Department, teams: Iterable[int], readings: int) -> dict[int, int]:
    """`readings`, or fewer if fewer jurors may read the team. Two queries."""
    jurors = Juror.objects.seated().filter(department=department).count()
    recusals = Recusal.objects.filter(
        juror__department=department, juror__in=Juror.objects.seated()
    )
    recused = Counter(recusals.values_list("team_id", flat=True))
    return {pk: min(readings, jurors - recused[pk]) for pk in teams}


def _juror_names(department: Department) -> dict[int, str]:
    jurors = Juror.objects.filter(department=department).select_related("user")
    return {juror.pk: juror.user.display_name for juror in jurors}


def weightings_of(criteria: Iterable[Criterion]) -> dict[Key, Weighting]:
    return {c.pk: Weighting(weight=c.weight, top=c.scale) for c in criteria}
