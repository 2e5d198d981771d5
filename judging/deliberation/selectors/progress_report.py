"""Organizers see nothing computed from marks, so no second readings: only leaders get them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import find_department, is_organizer
from judging.deliberation import pace
from judging.deliberation.rules import REMINDER_PAUSE, may_be_reminded
from judging.deliberation.selectors.readings_left import (
    complete_drafts,
    expected_readings,
    finished_readings,
    seated_in,
)
from judging.jury.readings import Pair, has_plan
from judging.jury.rules import open_refusal
from judging.jury.selectors import (
    get_president_for,
    recusals_of,
    rules_of,
    skips_in,
    stage_of,
)
from judging.models import Juror, Recusal, Skip
from judging.ranking import diagnosis, standings
from judging.ranking.selectors import RankingInputs, ranking_inputs
from teams.models import Team


@dataclass(frozen=True)
class MissingReading:
    """`is_complete`: every criterion is marked, and the sheet only has to be finished."""

    juror: Juror
    team: Team
    is_complete: bool


@dataclass(frozen=True)
class JurorWork:
    """`each`: time for one sheet at the present pace; `left`: for the remaining ones. `skips`: for
    the president alone. `missing`: complete drafts first.
    """

    juror: Juror
    done: int
    total: int
    each: timedelta | None
    left: timedelta | None
    pause: timedelta
    missing: list[MissingReading]
    may_be_reminded: bool
    skips: list[Skip] = field(default_factory=list)

    @property
    def complete(self) -> int:
        return sum(reading.is_complete for reading in self.missing)

    @property
    def remind_again_at(self) -> datetime | None:
        return self.juror.reminded_at and self.juror.reminded_at + REMINDER_PAUSE


@dataclass(frozen=True)
class TeamWork:
    team: Team
    done: int
    total: int
    missing: list[MissingReading]


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
    may_remind: bool
    locked: bool = False
    decided: bool = False
    has_plan: bool = False
    hears_nominees: bool = False
    diagnosis: Diagnosis | None = None
    recusals: list[Recusal] = field(default_factory=list)
    done: int = field(init=False)
    total: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "done", sum(work.done for work in self.jurors))
        object.__setattr__(self, "total", sum(work.total for work in self.jurors))

    @property
    def to_remind(self) -> int:
        """How many the button for all reminds."""
        return sum(work.may_be_reminded and not work.pause for work in self.jurors)

    @property
    def complete(self) -> int:
        return sum(work.complete for work in self.jurors)


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


def report_of(
    department: Department, *, reader: User, presides: bool, at: datetime
) -> ProgressReport:
    """A fixed number of queries. Reads marks for presidents only."""
    jurors = seated_in(department)
    teams = list(Team.objects.present().filter(department=department))
    expected = expected_readings(department, jurors, teams, seconds=presides)
    finished = finished_readings(department)
    pairs = {pair for of_juror in expected.values() for pair in of_juror}
    counted = {pair: instant for pair, instant in finished.items() if pair in pairs}
    missing = _missing(jurors, teams, pairs - counted.keys(), complete_drafts(department))
    skips = skips_in(department) if presides else {}
    works = [
        _juror_work(
            juror,
            expected[juror.pk],
            counted,
            [reading for reading in missing if reading.juror == juror],
            skips.get(juror.pk, []),
            is_reader=juror.user_id == reader.pk,
            at=at,
        )
        for juror in jurors
    ]
    done = Counter(team for _juror, team in counted)
    total = Counter(team for _juror, team in pairs)
    diagnosed: Diagnosis | None = None
    if presides:
        expected_sheets = max(sum(work.total for work in works), 1)
        diagnosed = _diagnosis(ranking_inputs(department), expected_sheets)
    stage, jury_rules = stage_of(department), rules_of(department)
    locked = stage.is_locked
    return ProgressReport(
        department=department,
        jurors=works,
        teams=[
            TeamWork(
                team,
                done[team.pk],
                total[team.pk],
                [reading for reading in missing if reading.team == team],
            )
            for team in teams
        ],
        left=_jury_time_left(works),
        presides=presides,
        may_remind=open_refusal(department, locked=locked, at=at) is None,
        locked=locked,
        decided=stage.is_decided,
        has_plan=has_plan(department),
        hears_nominees=jury_rules.hears_nominees,
        diagnosis=diagnosed,
        recusals=recusals_of(department) if presides else [],
    )


def _missing(
    jurors: Iterable[Juror], teams: Iterable[Team], pairs: Collection[Pair], drafts: set[Pair]
) -> list[MissingReading]:
    readings = [
        MissingReading(juror, team, (juror.pk, team.pk) in drafts)
        for juror in jurors
        for team in teams
        if (juror.pk, team.pk) in pairs
    ]
    return sorted(readings, key=lambda reading: not reading.is_complete)


def _juror_work(
    juror: Juror,
    pairs: set[Pair],
    finished: Mapping[Pair, datetime],
    missing: list[MissingReading],
    skips: list[Skip],
    *,
    is_reader: bool,
    at: datetime,
) -> JurorWork:
    own = [instant for pair, instant in finished.items() if pair in pairs]
    each = pace.pace(own, since=juror.department.edition.judging_opens_at, at=at)
    pause = max((juror.paused_until or at) - at, timedelta(0))
    left = pace.time_left(len(pairs) - len(own), each, pause=pause)
    return JurorWork(
        juror,
        done=len(own),
        total=len(pairs),
        each=each,
        left=left,
        pause=pause,
        missing=missing,
        may_be_reminded=bool(missing) and not is_reader and may_be_reminded(juror, at=at),
        skips=skips,
    )


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
