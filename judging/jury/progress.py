"""Who sits where, what they mark on, and how far they are. Counts only: no mark is read here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from hackathon.editions.models import Department, Edition
from judging.enums import SheetState
from judging.jury.readings import Pair, Shares, shares_in, sheet_states, tally
from judging.models import Deliberation, Juror, JuryRules
from teams.models import Team


@dataclass(frozen=True)
class JurorProgress:
    """How many sheets a juror has finished, has begun, and has in all: of the teams they read."""

    juror: Juror
    done: int
    drafts: int
    total: int

    @property
    def left(self) -> int:
        """Sheets that are not finished."""
        return self.total - self.done


@dataclass(frozen=True)
class JuryProgress:
    """How far a department's jury is; `done` and `total` count sheets over all its jurors.

    `gone` are those who left it after they finished sheets: these are all that is expected of them.
    `short` are the teams of a plan that fewer read than are wanted; without a plan none is.
    """

    department: Department
    jurors: list[JurorProgress]
    gone: list[JurorProgress]
    locked: bool
    teams: int
    short: int

    @property
    def done(self) -> int:
        """Sheets that are finished."""
        return sum(line.done for line in [*self.jurors, *self.gone])

    @property
    def total(self) -> int:
        """Sheets that are expected."""
        return sum(line.total for line in [*self.jurors, *self.gone])


def progress(edition: Edition) -> list[JuryProgress]:
    """Every department's jury, in the departments' order. A fixed number of queries."""
    departments = list(Department.objects.filter(edition=edition))
    jurors = list(
        Juror.objects.counted().filter(department__edition=edition).select_related("user")
    )
    teams = _teams_by_department(edition)
    locked = set(
        Deliberation.objects.filter(
            department__edition=edition, locked_at__isnull=False
        ).values_list("department_id", flat=True)
    )
    states = sheet_states(Q(team__edition=edition))
    shares = shares_in(edition, jurors, teams)
    lines = _lines(jurors, shares.read, states)
    short = _short(edition, jurors, teams, shares, states)
    return [
        JuryProgress(
            department=department,
            jurors=[line for line in lines[department.pk] if line.juror.left_at is None],
            gone=[line for line in lines[department.pk] if line.juror.left_at and line.done],
            locked=department.pk in locked,
            teams=len(teams[department.pk]),
            short=short.get(department.pk, 0),
        )
        for department in departments
    ]


def progress_of(department: Department) -> JuryProgress:
    """One department's jury."""
    return next(p for p in progress(department.edition) if p.department.pk == department.pk)


def _lines(
    jurors: Iterable[Juror], read: Mapping[int, set[int]], states: Mapping[Pair, str]
) -> dict[int, list[JurorProgress]]:
    """A line per juror, by department. Of who has left no more is expected than they finished."""
    found: dict[int, list[JurorProgress]] = defaultdict(list)
    for juror in jurors:
        has = tally(juror.pk, read[juror.pk], states)
        gone = juror.left_at is not None
        line = JurorProgress(
            juror=juror,
            done=has.done,
            drafts=0 if gone else has.drafts,
            total=has.done if gone else has.total,
        )
        found[juror.department_id].append(line)
    return found


def _short(
    edition: Edition,
    jurors: Iterable[Juror],
    teams: Mapping[int, list[int]],
    shares: Shares,
    states: Mapping[Pair, str],
) -> dict[int, int]:
    """How many teams of each department's plan fewer read than are wanted."""
    rows = JuryRules.objects.filter(department__edition=edition)
    wanted = dict(rows.values_list("department_id", "readings"))
    readers = Counter(
        team
        for juror in jurors
        for team in shares.read[juror.pk]
        if (juror.pk, team) not in shares.seconds
        and (juror.left_at is None or states.get((juror.pk, team)) == SheetState.FINAL)
    )
    usual = JuryRules._meta.get_field("readings").default
    return {
        department: sum(readers[team] < wanted.get(department, usual) for team in teams[department])
        for department in shares.planned
    }


def _teams_by_department(edition: Edition) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = Team.objects.filter(edition=edition).order_by("pk")
    for department, pk in rows.values_list("department_id", "pk"):
        found[department].append(pk)
    return found
