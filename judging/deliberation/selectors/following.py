"""How a jury gets on: for its president and the organizers. These see no mark, nor what marks say.

Second readings are the leaders': organizers see a jury as if there were none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import is_organizer
from judging.deliberation import pace, second_readings
from judging.enums import ReadingKind, SheetState
from judging.jury.readings import has_plan
from judging.jury.selectors import is_locked, jury_of, recusals_of, rules_of
from judging.models import Assignment, Juror, Recusal, ScoreSheet
from judging.ranking import diagnosis as ranking_diagnosis
from judging.ranking import standings as ranking
from judging.ranking.selectors import Basis, basis_of
from teams.models import Team

type Pair = tuple[int, int]


@dataclass(frozen=True)
class JurorWork:
    """A juror's sheets, and how long what is left takes at their present pace."""

    juror: Juror
    done: int
    total: int
    each: timedelta | None
    left: timedelta | None


@dataclass(frozen=True)
class TeamWork:
    """A team's sheets."""

    team: Team
    done: int
    total: int


@dataclass(frozen=True)
class SeverityLine:
    """A severity with its place on a chart from 0 to 200, 100 being no severity."""

    juror: str
    line: ranking_diagnosis.JurorLine
    x: float
    low: float
    high: float


@dataclass(frozen=True)
class Look:
    """A sheet to be looked at again."""

    juror: str
    team: Team
    residual: ranking_diagnosis.Residual


@dataclass(frozen=True)
class Apart:
    """A team that its jurors see differently."""

    team: Team
    found: ranking_diagnosis.Disagreement


@dataclass(frozen=True)
class Without:
    """The leading group without a juror."""

    juror: str
    joins: list[Team]
    leaves: list[Team]


@dataclass(frozen=True)
class Diagnosis:
    """What marks say of marks; the president's alone."""

    severities: list[SeverityLine]
    reach: float  # points on either side of the chart
    apart: list[Apart]
    looks: list[Look]
    without: list[Without]
    early: bool


@dataclass(frozen=True)
class Following:
    """The dashboard."""

    department: Department
    jurors: list[JurorWork]
    teams: list[TeamWork]
    left: timedelta | None
    presides: bool
    locked: bool = False
    diagnosis: Diagnosis | None = None
    recusals: list[Recusal] = field(default_factory=list)  # for presidents
    done: int = field(init=False)
    total: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "done", sum(work.done for work in self.jurors))
        object.__setattr__(self, "total", sum(work.total for work in self.jurors))


def get_follower_for(
    user: User | AnonymousUser, code: str, edition: Edition | None
) -> tuple[Department, bool]:
    """The department, and whether this person presides its jury; organizers don't.

    Raises NotFound to everybody else, the other jurors included.
    """
    for juror in jury_of(user, edition):
        if juror.department.code.casefold() == code.casefold() and juror.is_president:
            return juror.department, True
    if edition is not None and is_organizer(user, edition):
        found = Department.objects.select_related("edition").filter(edition=edition)
        for department in found:
            if department.code.casefold() == code.casefold():
                return department, False
    raise NotFound


def following_of(department: Department, *, presides: bool, at: datetime) -> Following:
    """The dashboard; a fixed number of queries. What it reads of marks it reads for presidents."""
    jurors = list(Juror.objects.seated().filter(department=department).select_related("user"))
    teams = list(Team.objects.filter(department=department))
    expected = _expected(department, jurors, teams, seconds=presides)
    finished = _finished(department)
    pairs = {pair for of_juror in expected.values() for pair in of_juror}
    counted = {pair: instant for pair, instant in finished.items() if pair in pairs}
    works = [
        _juror_work(juror, expected[juror.pk], counted, department.edition, at) for juror in jurors
    ]
    done = Counter(team for _juror, team in counted)
    total = Counter(team for _juror, team in pairs)
    diagnosed = None
    if presides:
        expected_sheets = max(sum(work.total for work in works), 1)
        diagnosed = _diagnosis(basis_of(department), expected_sheets)
    return Following(
        department=department,
        jurors=works,
        teams=[TeamWork(team, done[team.pk], total[team.pk]) for team in teams],
        left=pace.jury_time_left(work.left for work in works),
        presides=presides,
        locked=is_locked(department),
        diagnosis=diagnosed,
        recusals=recusals_of(department) if presides else [],
    )


def _expected(
    department: Department, jurors: Iterable[Juror], teams: Iterable[Team], *, seconds: bool
) -> dict[int, set[Pair]]:
    """The pairs of each juror and a team that are to be read; second readings among them or not."""
    assigned = Assignment.objects.filter(team__department=department)
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
) -> JurorWork:
    own = [instant for pair, instant in finished.items() if pair in pairs]
    each = pace.pace(own, since=edition.judging_opens_at, at=at)
    left = pace.time_left(len(pairs) - len(own), each)
    return JurorWork(juror, len(own), len(pairs), each, left)


def _diagnosis(basis: Basis, expected: int) -> Diagnosis | None:
    """Of the sheets that count now; None without any."""
    if not basis.totals:
        return None
    names = {
        juror.pk: juror.user.display_name
        for juror in Juror.objects.filter(department=basis.department).select_related("user")
    }
    found = ranking.rank(basis.totals, noise=basis.noise).jurors
    lines = ranking_diagnosis.severities(found, done=len(basis.totals), expected=expected)
    reach = max([2.0, *(abs(line.severity) + 2 * line.se for line in lines)])
    residuals = ranking_diagnosis.residuals(basis.totals, basis.noise)
    without = ranking_diagnosis.influences(
        basis.totals,
        method=basis.rules.method,
        separation=float(basis.rules.separation),
        noise=basis.noise,
    )
    teams = basis.teams
    return Diagnosis(
        severities=[_severity(line, names, reach) for line in lines],
        reach=reach,
        apart=[
            Apart(teams[d.team], d)
            for d in ranking_diagnosis.disagreements(basis.totals, basis.noise)
        ],
        looks=[
            Look(names[r.juror], teams[r.team], r) for r in ranking_diagnosis.outstanding(residuals)
        ],
        without=[
            Without(names[w.juror], [teams[t] for t in w.joins], [teams[t] for t in w.leaves])
            for w in without
        ],
        early=any(line.early for line in lines),
    )


def _severity(
    line: ranking_diagnosis.JurorLine, names: Mapping[int, str], reach: float
) -> SeverityLine:
    def place(points: float) -> float:
        return round(100 + 96 * points / reach, 1)

    return SeverityLine(
        names[line.juror],
        line,
        place(line.severity),
        place(line.severity - 2 * line.se),
        place(line.severity + 2 * line.se),
    )


def readers_of(department: Department) -> dict[int, set[int]]:
    """By team, the jurors who have a sheet of it or are to read it."""
    found: dict[int, set[int]] = defaultdict(set)
    sheets = ScoreSheet.objects.filter(team__department=department)
    assigned = Assignment.objects.filter(team__department=department)
    for juror, team in [
        *sheets.values_list("juror_id", "team_id"),
        *assigned.values_list("juror_id", "team_id"),
    ]:
        found[team].add(juror)
    return found


def proposal_of(department: Department, leaders: Iterable[Team]) -> list[tuple[Juror, Team]]:
    """Who would read these teams again. Without a plan everybody reads everybody: nobody is new."""
    teams = {team.pk: team for team in leaders}
    seated = Juror.objects.seated().filter(department=department).select_related("user")
    jurors = {juror.pk: juror for juror in seated}
    if not has_plan(department):
        return []
    all_teams = list(Team.objects.filter(department=department))
    expected = _expected(department, jurors.values(), all_teams, seconds=True)
    finished = _finished(department)
    pairs = second_readings.propose(
        teams,
        jurors,
        readers_of(department),
        set(Recusal.objects.filter(team__in=teams).values_list("juror_id", "team_id")),
        {pk: len(own - finished.keys()) for pk, own in expected.items()},
        rules_of(department).seed,
    )
    return [(jurors[juror], teams[team]) for juror, team in pairs]
