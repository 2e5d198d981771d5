"""A department's decision: for who presides, for the jury once it is theirs to read."""

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound
from hackathon.core.selectors import get_or_not_found
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import organized_edition
from judging.enums import JurorKind
from judging.models import Criterion, Deliberation, Juror, JuryRules, Recusal, Score
from teams.enums import HelpKind
from teams.models import Duty, Team


def is_locked(department: Department) -> bool:
    """Whether the department's deliberation is locked."""
    return locked_decision(department.pk).exists()


def locked_decision(department_pk: int) -> QuerySet[Deliberation]:
    """The department's deliberation if it is locked."""
    return Deliberation.objects.filter(department=department_pk, locked_at__isnull=False)


KINDS: dict[str, HelpKind] = {
    JurorKind.TEACHER: HelpKind.TEACHER,
    JurorKind.CLIENT: HelpKind.CLIENT,
}


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
    """This person's seat in the department's jury. Raises NotFound if there is none."""
    for juror in jury_of(user, edition):
        if juror.department.code.casefold() == department_code.casefold():
            return juror
    raise NotFound


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
    """The same, for who presides the jury. Raises NotFound to its other jurors."""
    juror = get_juror_for(user, department_code, edition)
    if not juror.is_president:
        raise NotFound
    return juror


def is_president(user: User, department: Department) -> bool:
    """Whether this person presides the department's jury."""
    seats = Juror.objects.seated().filter(user=user, department=department, is_president=True)
    return seats.exists()


def get_department_for(user: User | AnonymousUser, pk: int) -> Department:
    """A department whose jury this person organizes. Raises NotFound to everybody else."""
    department = get_or_not_found(Department.objects.select_related("edition"), pk=pk)
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
    """One seat of this jury. Raises NotFound."""
    jurors = Juror.objects.select_related("user", "department__edition")
    return get_or_not_found(jurors, pk=pk, department=department)


def criteria_of(department: Department) -> list[Criterion]:
    """What this jury marks on, in order."""
    return list(Criterion.objects.filter(department=department))


def get_criterion_of(department: Department, pk: int) -> Criterion:
    """One criterion of this jury. Raises NotFound."""
    criteria = Criterion.objects.select_related("department__edition")
    return get_or_not_found(criteria, pk=pk, department=department)


def teams_of(department: Department) -> list[Team]:
    """The teams that this jury judges, whoever reads them."""
    return list(Team.objects.filter(department=department).select_related("department__edition"))


def scoring_has_begun(department: Department) -> bool:
    """Whether a sheet of this department has a mark."""
    return Score.objects.filter(criterion__department=department).exists()


def recusals_of(department: Department) -> list[Recusal]:
    """All of a jury, with their reasons. No right of access here: callers fetch an organizer's
    department, or the president, first.
    """
    found = Recusal.objects.filter(juror__department=department)
    return list(found.select_related("juror__user", "team", "made_by").order_by("team__name", "pk"))


def own_recusals(juror: Juror) -> list[Recusal]:
    """What a juror is kept from."""
    return list(juror.recusals.select_related("team", "made_by").order_by("team__name"))


def is_recused(juror: Juror, team_pk: int) -> bool:
    """Whether the juror is kept from this team."""
    return Recusal.objects.filter(juror=juror, team=team_pk).exists()


def get_recusal_of(department: Department, pk: int) -> Recusal:
    """One of this jury. Raises NotFound."""
    found = Recusal.objects.select_related("juror__user", "juror__department__edition", "team")
    return get_or_not_found(found, pk=pk, juror__department=department)


def get_own_recusal(juror: Juror, pk: int) -> Recusal:
    """One of this juror's. Raises NotFound."""
    found = Recusal.objects.select_related("juror__user", "juror__department__edition", "team")
    return get_or_not_found(found, pk=pk, juror=juror)


def get_team_of_jury(juror: Juror, pk: int) -> Team:
    """A team of the juror's department, read by them or not. Raises NotFound."""
    teams = Team.objects.select_related("department__edition")
    return get_or_not_found(teams, pk=pk, department=juror.department_id)
