"""Organizers see nothing computed from marks, so no second readings: only leaders get them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import find_department, is_organizer
from judging.deliberation import pace, second_readings
from judging.enums import ReadingKind, SheetState
from judging.jury.readings import has_plan
from judging.jury.selectors import (
    get_president_for,
    is_locked,
    recusals_of,
    rules_of,
    skips_in,
)
from judging.models import Assignment, Juror, Recusal, ScoreSheet, Skip
from judging.ranking import diagnosis, standings
from judging.ranking.selectors import DepartmentRanking, RankingInputs, ranking_inputs
from teams.models import Team

type Pair = tuple[int, int]


@dataclass(frozen=True)
class JurorWork:
    """`each`: time for one sheet at the present pace; `left`: for the remaining ones. `skips`: for
    the president alone.
    """

    juror: Juror
    done: int
    total: int
    each: timedelta | None
    left: timedelta | None
    pause: timedelta
    skips: list[Skip] = field(default_factory=list)


@dataclass(frozen=True)
class TeamWork:
    team: Team
    done: int
    total: int


@dataclass(frozen=True)
class SeverityLine:
    """X coordinates from 0 to 200; 100 is a severity of 0."""

    juror: str
    line: diagnosis.JurorSeverity
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class OutlierSheet:
    juror: str
    team: Team
    residual: diagnosis.Residual


@dataclass(frozen=True)
class DividedTeam:
    team: Team
    found: diagnosis.Disagreement


@dataclass(frozen=True)
class JurorInfluence:
    juror: str
    joins: list[Team]
    leaves: list[Team]


@dataclass(frozen=True)
class Diagnosis:
    """For the president alone. `early`: too few sheets for severities to mean anything."""

    severities: list[SeverityLine]
    reach: float  # severity at either end of the chart, in points of 20
    divided: list[DividedTeam]
    outliers: list[OutlierSheet]
    influences: list[JurorInfluence]
    early: bool


@dataclass(frozen=True)
class ProgressReport:
    department: Department
    jurors: list[JurorWork]
    teams: list[TeamWork]
    left: timedelta | None
    presides: bool
    locked: bool = False
    diagnosis: Diagnosis | None = None
    recusals: list[Recusal] = field(default_factory=list)
    done: int = field(init=False)
    total: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "done", sum(work.done for work in self.jurors))
        object.__setattr__(self, "total", sum(work.total for work in self.jurors))


def get_department_for(
    user: User | AnonymousUser, code: str, edition: Edition | None
) -> tuple[Department, bool]:
    """The department, and whether the user presides. NotFound for others except organizers."""
    try:
        return get_president_for(user, code, edition).department, True
    except NotFound:
        if edition is not None and is_organizer(user, edition):
            department = find_department(edition, code)
            if department is not None:
                return department, False
        raise


def report_of(department: Department, *, presides: bool, at: datetime) -> ProgressReport:
    """A fixed number of queries. Reads marks for presidents only."""
    jurors = list(Juror.objects.seated().filter(department=department).select_related("user"))
    teams = list(Team.objects.present().filter(department=department))
    expected = _expected(department, jurors, teams, seconds=presides)
    finished = _finished(department)
    pairs = {pair for of_juror in expected.values() for pair in of_juror}
    counted = {pair: instant for pair, instant in finished.items() if pair in pairs}
    skips = skips_in(department) if presides else {}
    works = [
        _juror_work(
            juror, expected[juror.pk], counted, department.edition, at, skips.get(juror.pk, [])
        )
        for juror in jurors
    ]
    done = Counter(team for _juror, team in counted)
    total = Counter(team for _juror, team in pairs)
    diagnosed: Diagnosis | None = None
    if presides:
        expected_sheets = max(sum(work.total for work in works), 1)
        diagnosed = _diagnosis(ranking_inputs(department), expected_sheets)
    return ProgressReport(
        department=department,
        jurors=works,
        teams=[TeamWork(team, done[team.pk], total[team.pk]) for team in teams],
        left=_jury_time_left(works),
        presides=presides,
        locked=is_locked(department),
        diagnosis=diagnosed,
        recusals=recusals_of(department) if presides else [],
    )


def _expected(
    department: Department, jurors: Iterable[Juror], teams: Iterable[Team], *, seconds: bool
) -> dict[int, set[Pair]]:
    """The readings to do, by juror id."""
    assigned = Assignment.objects.filter(team__department=department, team__absent_at=None)
    rows = list(assigned.values_list("juror_id", "team_id", "kind"))
    recused = set(
        Recusal.objects.filter(team__department=department).values_list("juror_id", "team_id")
    )
    read = {(juror, team) for juror, team, kind in rows if kind == ReadingKind.PLANNED}
    if not read:
        read = {(juror.pk, team.pk) for juror in jurors for team in teams}
    read |= {(juror, team) for juror, team, kind in rows if seconds or kind != ReadingKind.SECOND}
    return {j.pk: {p for p in read if p[0] == j.pk and p not in recused} for j in jurors}


def _finished(department: Department) -> dict[Pair, datetime]:
    sheets = ScoreSheet.objects.filter(team__department=department, state=SheetState.FINAL)
    rows = sheets.values_list("juror_id", "team_id", "finished_at")
    return {(juror, team): instant for juror, team, instant in rows if instant is not None}


def _juror_work(
    juror: Juror,
    pairs: set[Pair],
    finished: Mapping[Pair, datetime],
    edition: Edition,
    at: datetime,
    skips: list[Skip],
) -> JurorWork:
    own = [instant for pair, instant in finished.items() if pair in pairs]
    each = pace.pace(own, since=edition.judging_opens_at, at=at)
    pause = (juror.paused_until or at) - at
    left = pace.time_left(len(pairs) - len(own), each, pause=pause)
    return JurorWork(juror, len(own), len(pairs), each, left, pause, skips)


def _jury_time_left(works: Iterable[JurorWork]) -> timedelta | None:
    """Jurors without a finished sheet count with the slowest pace of the others."""
    works = list(works)
    slowest = max((work.each for work in works if work.each is not None), default=None)
    return pace.jury_time_left(
        pace.time_left(work.total - work.done, work.each or slowest, pause=work.pause)
        for work in works
    )


def _diagnosis(inputs: RankingInputs, expected: int) -> Diagnosis | None:
    """None without a sheet that counts."""
    if not inputs.totals:
        return None
    names = {
        juror.pk: juror.user.display_name
        for juror in Juror.objects.filter(department=inputs.department).select_related("user")
    }
    severities = standings.rank(inputs.totals, noise=inputs.noise).jurors
    lines = diagnosis.flag_severities(severities, done=len(inputs.totals), expected=expected)
    reach = max([2.0, *(abs(line.severity) + 2 * line.se for line in lines)])
    residuals = diagnosis.residuals(inputs.totals, inputs.noise)
    influences = diagnosis.influences(
        inputs.totals,
        method=inputs.rules.method,
        separation=float(inputs.rules.separation),
        noise=inputs.noise,
    )
    teams = inputs.teams
    return Diagnosis(
        severities=[_severity(line, names, reach) for line in lines],
        reach=reach,
        divided=[
            DividedTeam(teams[d.team], d)
            for d in diagnosis.disagreements(inputs.totals, inputs.noise)
        ],
        outliers=[
            OutlierSheet(names[r.juror], teams[r.team], r) for r in diagnosis.outliers(residuals)
        ],
        influences=[
            JurorInfluence(
                names[i.juror], [teams[t] for t in i.joins], [teams[t] for t in i.leaves]
            )
            for i in influences
        ],
        early=any(line.early for line in lines),
    )


def _severity(
    line: diagnosis.JurorSeverity, names: Mapping[int, str], reach: float
) -> SeverityLine:
    def x(points: float) -> float:
        return round(100 + 96 * points / reach, 1)

    return SeverityLine(
        names[line.juror],
        line,
        x(line.severity),
        x(line.severity - 2 * line.se),
        x(line.severity + 2 * line.se),
    )


def readers_of(department: Department) -> dict[int, set[int]]:
    """Ids of jurors by team id: those who have a sheet of the team or are assigned to it."""
    readers: dict[int, set[int]] = defaultdict(set)
    sheets = ScoreSheet.objects.filter(team__department=department)
    assigned = Assignment.objects.filter(team__department=department)
    for juror, team in [
        *sheets.values_list("juror_id", "team_id"),
        *assigned.values_list("juror_id", "team_id"),
    ]:
        readers[team].add(juror)
    return readers


def proposal_of(department: Department, ranking: DepartmentRanking) -> list[tuple[Juror, Team]]:
    """For the teams whose order is not known. Empty without a plan: every juror reads every team
    then.
    """
    teams = {team.pk: team for team in ranking.undecided}
    seated = Juror.objects.seated().filter(department=department).select_related("user")
    jurors = {juror.pk: juror for juror in seated}
    if not has_plan(department):
        return []
    all_teams = list(Team.objects.present().filter(department=department))
    expected = _expected(department, jurors.values(), all_teams, seconds=True)
    finished = _finished(department)
    readers = readers_of(department)
    recused = set(Recusal.objects.filter(team__in=teams).values_list("juror_id", "team_id"))
    pairs = second_readings.propose(
        teams,
        jurors,
        readers,
        recused | _not_linking(ranking, finished, jurors, readers, recused),
        {pk: len(own - finished.keys()) for pk, own in expected.items()},
        rules_of(department).seed,
    )
    return [(jurors[juror], teams[team]) for juror, team in pairs]


def _not_linking(
    ranking: DepartmentRanking,
    finished: Collection[Pair],
    jurors: Iterable[int],
    readers: Mapping[int, Collection[int]],
    recused: Collection[Pair],
) -> set[Pair]:
    """Readings that leave two tables apart, where others would link them."""
    if len(ranking.tables) < 2:
        return set()
    not_linking: set[Pair] = set()
    for table in ranking.tables:
        own = {line.team.pk for group in table.groups for line in group}
        links = {juror for juror, team in finished if team not in own} - {
            juror for juror, team in finished if team in own
        }
        for line in table.groups[0]:
            team = line.team.pk
            if any((j, team) not in recused and j not in readers.get(team, ()) for j in links):
                not_linking |= {(juror, team) for juror in jurors if juror not in links}
    return not_linking


@dataclass(frozen=True)
class ProposedReadings:
    """Of one team. `margin_later` is approximate: errors shrink as the root of the sheets."""

    team: Team
    readers: list[Juror]
    sheets: int
    margin: float

    @property
    def sheets_later(self) -> int:
        return self.sheets + len(self.readers)

    @property
    def margin_later(self) -> float:
        return float(self.margin * (self.sheets / self.sheets_later) ** 0.5)


def proposed_readings(
    ranking: DepartmentRanking, proposal: Iterable[tuple[Juror, Team]]
) -> list[ProposedReadings]:
    """No query."""
    readers: dict[Team, list[Juror]] = defaultdict(list)
    for juror, team in proposal:
        readers[team].append(juror)
    lines = {line.team: line for line in ranking.standings}
    return [
        ProposedReadings(team, jurors, lines[team].sheets, lines[team].margin)
        for team, jurors in readers.items()
    ]
