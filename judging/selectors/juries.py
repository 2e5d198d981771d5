"""Who sits where, what they mark on, and how far they are. Counts only: no mark is read here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import organized_edition
from judging.enums import JurorKind, SheetState
from judging.models import Criterion, Deliberation, Juror, JuryRules, Score
from judging.selectors.assignments import Pair, Shares, shares_in, sheet_states, tally
from teams.enums import HelpKind
from teams.models import Duty, Team

KINDS: dict[str, HelpKind] = {
    JurorKind.TEACHER: HelpKind.TEACHER,
    JurorKind.CLIENT: HelpKind.CLIENT,
}


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
class Amendment:
    """A criterion that was changed after scoring began; `changes`: what, before, after."""

    criterion: str
    at: datetime
    by: str
    reason: str
    changes: list[tuple[str, Any, Any]]


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


def jury_of(user: User | AnonymousUser, edition: Edition | None) -> list[Juror]:
    """The seats of this person in the edition, by department."""
    if edition is None or not user.is_authenticated:
        return []
    return juries_of([user], edition).get(user.pk, [])


def juries_of(users: Iterable[User], edition: Edition) -> dict[int, list[Juror]]:
    """The seats of these people in the edition, by their primary keys; one query."""
    seats = Juror.objects.seated().filter(user__in=users, department__edition=edition)
    found = defaultdict(list)
    for seat in seats.select_related("department__edition", "user").order_by(
        "department__position"
    ):
        found[seat.user_id].append(seat)
    return found


def duties_of_jurors(edition: Edition, users: Iterable[User] | None) -> list[Duty]:
    """What all jurors of the edition, or these, answer by their seat; not saved. One query."""
    seats = Juror.objects.seated().filter(department__edition=edition)
    if users is not None:
        seats = seats.filter(user__in=users)
    return [
        Duty(edition=edition, department=seat.department, user=seat.user, kind=KINDS[seat.kind])
        for seat in seats.select_related("department", "user").order_by("user__name", "pk")
    ]


def get_juror_for(
    user: User | AnonymousUser, department_code: str, edition: Edition | None
) -> Juror:
    """This person's seat in the department's jury. Raises Http404 if there is none."""
    for juror in jury_of(user, edition):
        if juror.department.code.casefold() == department_code.casefold():
            return juror
    raise Http404


def juror_of_badge(digest: str) -> Juror | None:
    """Whose badge has this digest, if they still sit in the jury and their account is open."""
    seats = Juror.objects.seated().filter(badge=digest, user__is_active=True)
    return seats.select_related("department__edition", "user").first() if digest else None


def seats_at(departments: Iterable[int], edition: Edition | None) -> list[Juror]:
    """Whoever sits in these juries of the edition and has a PIN; by name."""
    seats = Juror.objects.seated().filter(department__in=departments, department__edition=edition)
    seats = seats.exclude(pin="").filter(user__is_active=True)
    return list(seats.select_related("department__edition", "user").order_by("user__name", "pk"))


def get_president_for(
    user: User | AnonymousUser, department_code: str, edition: Edition | None
) -> Juror:
    """The same, for who presides the jury. Raises Http404 to its other jurors."""
    juror = get_juror_for(user, department_code, edition)
    if not juror.is_president:
        raise Http404
    return juror


def is_president(user: User, department: Department) -> bool:
    """Whether this person presides the department's jury."""
    seats = Juror.objects.seated().filter(user=user, department=department, is_president=True)
    return seats.exists()


def get_department_for(user: User | AnonymousUser, pk: int) -> Department:
    """A department whose jury this person organizes. Raises Http404 to everybody else."""
    department = get_object_or_404(Department.objects.select_related("edition"), pk=pk)
    organized_edition(user, department.edition)
    return department


def rules_of(department: Department) -> JuryRules:
    """How this jury works; the defaults, not saved, where nobody said otherwise."""
    found = JuryRules.objects.filter(department=department).first()
    return found or JuryRules(department=department)


def jurors_of(department: Department) -> list[Juror]:
    """Everybody who sits or sat in the jury, presidents first, who has left it last."""
    jurors = department.jurors.select_related("user")
    return sorted(jurors, key=lambda juror: juror.left_at is not None)


def get_juror_of(department: Department, pk: int) -> Juror:
    """One seat of this jury. Raises Http404."""
    jurors = Juror.objects.select_related("user", "department__edition")
    return get_object_or_404(jurors, pk=pk, department=department)


def criteria_of(department: Department) -> list[Criterion]:
    """What this jury marks on, in order."""
    return list(Criterion.objects.filter(department=department))


def get_criterion_of(department: Department, pk: int) -> Criterion:
    """One criterion of this jury. Raises Http404."""
    criteria = Criterion.objects.select_related("department__edition")
    return get_object_or_404(criteria, pk=pk, department=department)


def teams_of(department: Department) -> list[Team]:
    """The teams that this jury judges, whoever reads them."""
    return list(Team.objects.filter(department=department).select_related("department__edition"))


def amendments_of(department: Department) -> list[Amendment]:
    """What its president changed about criteria that had been marked on, newest first."""
    names = {f"judging.criterion:{c.pk}": c.name for c in criteria_of(department)}
    entries = JournalEntry.objects.filter(act="criterion.amended", target__in=names)
    return [
        Amendment(
            criterion=names[entry.target],
            at=entry.at,
            by=entry.by.display_name if entry.by else "",
            reason=entry.detail["reason"],
            changes=[
                (str(Criterion._meta.get_field(field).verbose_name), before, after)  # type: ignore[union-attr]
                for field, before in entry.detail["before"].items()
                for after in [entry.detail["after"][field]]
            ],
        )
        for entry in entries.select_related("by").order_by("-at", "-pk")
    ]


def scoring_has_begun(department: Department) -> bool:
    """Whether a sheet of this department has a mark."""
    return Score.objects.filter(criterion__department=department).exists()


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
