"""Who sits where, what they mark on, and how far they are. Counts only: no mark is read here."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import organized_edition
from judging.enums import JurorKind, SheetState
from judging.models import Criterion, Deliberation, Juror, Score, ScoreSheet
from teams.enums import HelpKind
from teams.models import Duty, Team

KINDS: dict[str, HelpKind] = {
    JurorKind.TEACHER: HelpKind.TEACHER,
    JurorKind.CLIENT: HelpKind.CLIENT,
}


@dataclass(frozen=True)
class JurorProgress:
    """How many sheets a juror has finished, has begun, and has in all."""

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
    """How far a department's jury is; `done` and `total` count sheets over all its jurors."""

    department: Department
    jurors: list[JurorProgress]
    done: int
    total: int
    locked: bool
    teams: int


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


def jurors_of(department: Department) -> list[Juror]:
    """The jury, presidents first."""
    jurors = department.jurors.select_related("user")
    return list(jurors)


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


def scoring_has_begun(department: Department) -> bool:
    """Whether a sheet of this department has a mark."""
    return Score.objects.filter(criterion__department=department).exists()


def progress(edition: Edition) -> list[JuryProgress]:
    """Every department's jury, in the departments' order. A fixed number of queries."""
    departments = list(Department.objects.filter(edition=edition))
    jurors = _jurors_by_department(edition)
    teams = _team_counts(edition)
    locked = set(
        Deliberation.objects.filter(
            department__edition=edition, locked_at__isnull=False
        ).values_list("department_id", flat=True)
    )
    counts = _sheet_counts(edition)
    return [
        _jury_progress(d, jurors[d.pk], counts, teams.get(d.pk, 0), locked=d.pk in locked)
        for d in departments
    ]


def progress_of(department: Department) -> JuryProgress:
    """One department's jury."""
    return next(p for p in progress(department.edition) if p.department.pk == department.pk)


def _jury_progress(
    department: Department,
    jurors: list[Juror],
    counts: dict[int, Counter[str]],
    teams: int,
    *,
    locked: bool,
) -> JuryProgress:
    lines = [
        JurorProgress(
            juror=juror,
            done=counts[juror.pk][SheetState.FINAL],
            drafts=counts[juror.pk][SheetState.DRAFT],
            total=teams,
        )
        for juror in jurors
    ]
    return JuryProgress(
        department=department,
        jurors=lines,
        done=sum(line.done for line in lines),
        total=teams * len(lines),
        locked=locked,
        teams=teams,
    )


def _jurors_by_department(edition: Edition) -> dict[int, list[Juror]]:
    found: dict[int, list[Juror]] = defaultdict(list)
    seats = Juror.objects.seated().filter(department__edition=edition)
    for juror in seats.select_related("user"):
        found[juror.department_id].append(juror)
    return found


def _team_counts(edition: Edition) -> dict[int, int]:
    rows = Team.objects.filter(edition=edition).order_by().values("department_id")
    return {row["department_id"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def _sheet_counts(edition: Edition) -> dict[int, Counter[str]]:
    """Sheets by juror and state; a draft whose every mark was taken away again is not begun."""
    written = Exists(Score.objects.filter(sheet=OuterRef("pk"))) | ~Q(comment="")
    rows: Any = (
        ScoreSheet.objects.filter(written, team__edition=edition)
        .order_by()
        .values_list("juror_id", "state")
        .annotate(n=Count("pk"))
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for juror_pk, state, n in rows:
        counts[juror_pk][state] = n
    return counts
