"""A department's ranking: from the marks that count now, or, once it is locked, as it was kept.

No right of access here: callers fetch the president first.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from hackathon.editions.models import Department, Edition
from judging.enums import SheetState
from judging.jury.selectors import rules_of
from judging.models import Criterion, Deliberation, Juror, JuryRules, Recusal, Score, ScoreSheet
from judging.ranking import departures
from judging.ranking import explanation as wording
from judging.ranking import standings as ranking
from judging.ranking.noise import Noise
from judging.ranking.standings import Severity, Standing, Total
from teams.models import Team


@dataclass(frozen=True)
class MarkedSheet:
    """A sheet that counts: its marks by criterion, and what was written for the team."""

    juror: int
    team: int
    marks: Mapping[int, Decimal]
    comment: str = ""


@dataclass(frozen=True)
class Basis:
    """What a department's ranking is computed from."""

    department: Department
    rules: JuryRules
    criteria: list[Criterion]
    teams: dict[int, Team]
    sheets: list[MarkedSheet]
    noise: Noise

    @cached_property
    def totals(self) -> list[Total]:
        """The sheets' weighted means, out of 20."""
        sheets = (ranking.Sheet(s.juror, s.team, s.marks) for s in self.sheets)
        return ranking.totals(sheets, scales_of(self.criteria))

    @cached_property
    def digest(self) -> str:
        """The same as long as the same marks are ranked in the same way."""
        said = {
            "method": self.rules.method,
            "separation": f"{self.rules.separation:.2f}",
            "criteria": sorted((c.pk, c.weight, c.scale) for c in self.criteria),
            "teams": sorted(self.teams),
            "sheets": sorted(
                (s.juror, s.team, sorted((k, str(v.normalize())) for k, v in s.marks.items()))
                for s in self.sheets
            ),
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Ranked:
    """What the ranking says, in ids."""

    standings: list[Standing]
    groups: list[list[int]]
    jurors: list[Severity]
    not_ranked: list[int]


@dataclass(frozen=True)
class Comment:
    """What a juror wrote on a finished sheet."""

    juror: str
    text: str


@dataclass(frozen=True)
class TeamStanding:
    """A line of the ranking, out of 20. `tied_with`: the others of its group."""

    team: Team
    standing: Standing
    tied_with: list[Team]
    comments: list[Comment]
    words: str

    @property
    def rank(self) -> int:
        """Within its table."""
        return self.standing.rank

    @property
    def estimate(self) -> float:
        """What it is ranked by."""
        return self.standing.estimate

    @property
    def mean(self) -> float:
        """The plain mean of its sheets."""
        return self.standing.mean

    @property
    def sheets(self) -> int:
        """How many."""
        return self.standing.sheets

    @property
    def correction(self) -> float:
        """What was added to the plain mean."""
        return self.standing.correction

    @property
    def margin(self) -> float:
        """On either side."""
        return self.standing.margin


@dataclass(frozen=True)
class Table:
    """Teams that can be compared, in groups of ex aequo, the best first."""

    groups: list[list[TeamStanding]]


@dataclass(frozen=True)
class DepartmentRanking:
    """Who stands where by the sheets that count, and who has none."""

    department: Department
    method: str
    standings: list[TeamStanding]
    ranked: Ranked
    not_ranked: list[Team]
    sheets: int
    basis: str  # its digest

    @property
    def teams(self) -> list[Team]:
        """Everybody, best first."""
        return [standing.team for standing in self.standings] + self.not_ranked

    @cached_property
    def tables(self) -> list[Table]:
        """The largest first; several are not comparable with each other."""
        by_team = {standing.team.pk: standing for standing in self.standings}
        tables: dict[int, Table] = {}
        for group in self.ranked.groups:
            lines = [by_team[pk] for pk in group]
            tables.setdefault(lines[0].standing.component, Table([])).groups.append(lines)
        return list(tables.values())

    @property
    def leading(self) -> list[Team]:
        """The first group of the largest table."""
        return [line.team for line in self.tables[0].groups[0]] if self.tables else []

    @cached_property
    def order(self) -> departures.Order:
        """What the corrections do to the plain order."""
        return departures.order_of(self.ranked.standings)

    @property
    def moved(self) -> list[tuple[Team, departures.Moved]]:
        """Who moves far by the corrections."""
        teams = {team.pk: team for team in self.teams}
        return [(teams[moved.team], moved) for moved in self.order.moved]

    def departing(self, places: Mapping[int, int]) -> list[departures.Departing]:
        """Where a decision with these places, by team id, leaves this ranking."""
        return departures.departures(self.ranked.standings, self.ranked.groups, places)

    def departing_sentences(self, places: Mapping[int, int]) -> list[str]:
        """The same in words."""
        names = {team.pk: team.name for team in self.teams}
        return wording.departing_sentences(self.departing(places), names)


def ranking_of(department: Department) -> DepartmentRanking:
    """The ranking. Once the deliberation is locked, the one that was kept: what other juries mark
    afterwards changes no margin of it. A fixed number of queries.
    """
    basis = basis_of(department)
    found = Deliberation.objects.filter(department=department, locked_at__isnull=False)
    record = found.values_list("record", flat=True).first() or {}
    ranked = ranked_of_record(record) if "ranking" in record else rank(basis)
    return shown(basis, ranked)


def basis_of(department: Department) -> Basis:
    """What the ranking is computed from now: seven queries, whatever the number of departments."""
    sheets = marked_sheets(department.edition)
    criteria: dict[int, list[Criterion]] = defaultdict(list)
    for criterion in Criterion.objects.filter(department__edition=department.edition_id):
        criteria[criterion.department_id].append(criterion)
    teams = Team.objects.filter(department=department)
    basis = Basis(
        department=department,
        rules=rules_of(department),
        criteria=criteria[department.pk],
        teams={team.pk: team for team in teams},
        sheets=sheets.get(department.pk, []),
        noise=_noise(sheets, criteria),
    )
    return basis


def rank(basis: Basis) -> Ranked:
    """By the department's own method and separation."""
    found = ranking.rank(
        basis.totals,
        teams=basis.teams,
        method=basis.rules.method,
        separation=float(basis.rules.separation),
        noise=basis.noise,
    )
    return Ranked(found.standings, found.groups, found.jurors, found.not_ranked)


def ranked_of_record(record: Mapping[str, Any]) -> Ranked:
    """What was kept at the lock (`judging.deliberation.services.records`)."""
    kept = record["ranking"]
    return Ranked(
        standings=[Standing(**standing) for standing in kept["standings"]],
        groups=kept["groups"],
        jurors=[Severity(**severity) for severity in kept["jurors"]],
        not_ranked=kept["not_ranked"],
    )


def shown(basis: Basis, ranked: Ranked) -> DepartmentRanking:
    """The ranking with its teams, comments and words."""
    names = _juror_names(basis.department)
    comments: dict[int, list[Comment]] = defaultdict(list)
    for sheet in basis.sheets:
        if sheet.comment:
            comments[sheet.team].append(Comment(names[sheet.juror], sheet.comment))
    group_of = {pk: group for group in ranked.groups for pk in group}
    alone = len({s.component for s in ranked.standings}) <= 1
    return DepartmentRanking(
        department=basis.department,
        method=basis.rules.method,
        standings=[
            _line(basis, s, group_of[s.team], comments[s.team], alone) for s in ranked.standings
        ],
        ranked=ranked,
        not_ranked=[basis.teams[pk] for pk in ranked.not_ranked],
        sheets=len(basis.sheets),
        basis=basis.digest,
    )


def marked_sheets(edition: Edition | int) -> dict[int, list[MarkedSheet]]:
    """The sheets that count (`selectors.final_sheets`), by department; four queries, as tuples:
    hundreds of sheets are read for each page.

    What counts is chosen here and not in SQL: as one statement PostgreSQL takes minutes over it
    when its statistics are from before the marks.
    """
    marks: dict[int, dict[int, Decimal]] = defaultdict(dict)
    scores = Score.objects.filter(sheet__team__edition=edition, sheet__state=SheetState.FINAL)
    for sheet, criterion, value in scores.values_list("sheet_id", "criterion_id", "value"):
        marks[sheet][criterion] = value
    jurors = Juror.objects.counted().filter(department__edition=edition)
    seats = dict(jurors.values_list("pk", "department_id"))
    recused = set(Recusal.objects.filter(team__edition=edition).values_list("juror_id", "team_id"))
    found: dict[int, list[MarkedSheet]] = defaultdict(list)
    finished = ScoreSheet.objects.filter(team__edition=edition, state=SheetState.FINAL)
    rows = finished.order_by("pk").values_list(
        "pk", "team__department_id", "juror_id", "team_id", "comment"
    )
    for pk, department, juror, team, comment in rows:
        if seats.get(juror) == department and (juror, team) not in recused:
            found[department].append(MarkedSheet(juror, team, marks[pk], comment))
    return found


def _noise(
    sheets: Mapping[int, Sequence[MarkedSheet]], criteria: Mapping[int, Iterable[Criterion]]
) -> Noise:
    """What all juries of the edition say together. In floats: it is a matter of more or less."""
    return ranking.noise_of(
        [
            Total(s.juror, s.team, total)
            for s in sheets[department]
            if (total := _total(s, own)) is not None
        ]
        for department in sorted(sheets)
        for own in [{c.pk: (c.weight, c.weight / c.scale) for c in criteria[department]}]
    )


def _total(sheet: MarkedSheet, criteria: Mapping[int, tuple[int, float]]) -> float | None:
    weight = sum(criteria[pk][0] for pk in sheet.marks)
    if not weight:
        return None
    points = sum(float(value) * criteria[pk][1] for pk, value in sheet.marks.items())
    return ranking.OUT_OF * points / weight


def _line(
    basis: Basis,
    standing: Standing,
    group: Sequence[int],
    comments: list[Comment],
    alone: bool,
) -> TeamStanding:
    tied_with = [basis.teams[pk] for pk in group if pk != standing.team]
    said = wording.Line(
        method=basis.rules.method,
        mean=standing.mean,
        estimate=standing.estimate,
        margin=standing.margin,
        sheets=standing.sheets,
        tied_with=[team.name for team in tied_with],
        comparable=alone,
    )
    return TeamStanding(
        team=basis.teams[standing.team],
        standing=standing,
        tied_with=tied_with,
        comments=comments,
        words=wording.sentence(said),
    )


def _juror_names(department: Department) -> dict[int, str]:
    jurors = Juror.objects.filter(department=department).select_related("user")
    return {juror.pk: juror.user.display_name for juror in jurors}


def scales_of(criteria: Iterable[Criterion]) -> dict[ranking.Key, ranking.Scale]:
    """Criteria as the ranking wants them."""
    return {c.pk: ranking.Scale(weight=c.weight, top=c.scale) for c in criteria}
