from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import organized_edition
from judging.enums import JurorKind, SheetState
from judging.jury.rules import Stage, jury_is_closed
from judging.models import (
    Badge,
    Criterion,
    Deliberation,
    Flag,
    Juror,
    JuryRules,
    PassageCriterion,
    PassageMark,
    Recusal,
    Score,
    ScoreSheet,
    SheetChange,
    Skip,
)
from teams.enums import HelpKind
from teams.models import Duty, Team

HELP_KINDS: dict[str, HelpKind] = {
    JurorKind.TEACHER: HelpKind.TEACHER,
    JurorKind.CLIENT: HelpKind.CLIENT,
}


def is_locked(department: Department) -> bool:
    """Marks and jury don't change any more: the winners are locked, or in two acts the nominees."""
    return Deliberation.objects.nominated().filter(department=department).exists()


def is_decided(department: Department) -> bool:
    """The winners are locked."""
    return Deliberation.objects.filter(department=department, locked_at__isnull=False).exists()


def stage_of(department: Department | int) -> Stage:
    """One query."""
    deliberations = Deliberation.objects.filter(department=department)
    for opened_at, locked_at, seal in deliberations.values_list(
        "opened_at", "locked_at", "nomination_seal"
    ):
        return Stage(
            is_open_to_sign=opened_at is not None and locked_at is None,
            hears=seal is not None,
            is_decided=locked_at is not None,
        )
    return Stage()


def is_closed(department: Department, *, at: datetime) -> bool:
    return jury_is_closed(department, locked=is_locked(department), at=at)


def jury_of(user: User | AnonymousUser, edition: Edition | None) -> list[Juror]:
    if edition is None or not user.is_authenticated:
        return []
    return juries_of([user], edition).get(user.pk, [])


def juries_of(users: Iterable[User], edition: Edition) -> dict[int, list[Juror]]:
    """By user id, in the order of departments. One query."""
    by_pk = {user.pk: user for user in users}
    seats = Juror.objects.seated().filter(user__in=list(by_pk), department__edition=edition.pk)
    juries = defaultdict(list)
    for seat in seats.select_related("department").order_by("department__position"):
        seat.user = by_pk[seat.user_id]
        seat.department.edition = edition
        juries[seat.user_id].append(seat)
    return juries


def duties_of_jurors(edition: Edition, users: Iterable[User] | None) -> list[Duty]:
    """None means all users. One query."""
    seats = Juror.objects.seated().filter(department__edition=edition)
    if users is not None:
        seats = seats.filter(user__in=users)
    seats = seats.select_related("department__edition", "user").order_by("user__name", "pk")
    return [duty_of(seat) for seat in seats]


def duty_of(seat: Juror) -> Duty:
    """A juror answers the calls of the own department. Not saved."""
    department, kind = seat.department, HELP_KINDS[seat.kind]
    return Duty(edition=department.edition, department=department, user=seat.user, kind=kind)


def never_came(department: Department) -> list[Juror]:
    """Who is invited. One query."""
    return list(Juror.objects.seated().never_came().filter(department=department))


def get_juror_for(
    user: User | AnonymousUser, department_code: str, edition: Edition | None
) -> Juror:
    for juror in jury_of(user, edition):
        if juror.department.code.casefold() == department_code.casefold():
            return juror
    raise NotFound


def juror_of_badge(digest: str) -> Juror | None:
    """None if the juror has left or the account is disabled."""
    valid = Badge.objects.filter(juror=OuterRef("pk"), digest=digest, voided_at=None)
    seats = Juror.objects.seated().filter(Exists(valid), user__is_active=True)
    return seats.select_related("department__edition", "user").first()


def jurors_with_pin(departments: Iterable[int], edition: Edition | None) -> list[Juror]:
    seats = Juror.objects.seated().filter(department__in=departments, department__edition=edition)
    valid = Badge.objects.filter(juror=OuterRef("pk"), voided_at=None)
    seats = seats.filter(Exists(valid), user__is_active=True)
    return list(seats.select_related("department__edition", "user").order_by("user__name", "pk"))


def valid_badges(juror: Juror) -> QuerySet[Badge]:
    return Badge.objects.filter(juror=juror, voided_at=None).select_related("juror__user")


def get_badge_of(juror: Juror, pk: int) -> Badge:
    badges = Badge.objects.select_related("juror__user", "juror__department__edition")
    return get_or_not_found(badges, pk=pk, juror=juror)


def jurors_with_badge(department: Department) -> set[int]:
    """By primary key."""
    badges = Badge.objects.filter(juror__department=department, voided_at=None)
    return set(badges.values_list("juror", flat=True))


def skips_of(juror: Juror) -> dict[int, str]:
    """Reasons by team id."""
    return dict(juror.skips.exclude(reason="").values_list("team_id", "reason"))


def skips_in(department: Department) -> dict[int, list[Skip]]:
    """By juror id, without teams whose sheet is finished since."""
    finished = ScoreSheet.objects.filter(
        juror=OuterRef("juror"), team=OuterRef("team"), state=SheetState.FINAL
    )
    rows = Skip.objects.filter(
        ~Exists(finished), juror__department=department, team__absent_at=None
    )
    skips = defaultdict(list)
    for row in rows.exclude(reason="").select_related("team").order_by("team__name"):
        skips[row.juror_id].append(row)
    return skips


def jurors_with_pause(department: Department) -> list[Juror]:
    """Also if it is over."""
    paused = Juror.objects.seated().filter(department=department, paused_until__isnull=False)
    return list(paused.select_related("user").order_by("paused_until", "pk"))


def open_flags(edition: Edition) -> list[Flag]:
    flags = Flag.objects.filter(team__edition=edition, closed_at=None)
    return list(flags.select_related("juror__user", "team"))


def get_flag(edition: Edition | None, pk: int) -> Flag:
    return get_or_not_found(Flag.objects.all(), pk=pk, team__edition=edition)


def get_president_for(
    user: User | AnonymousUser, department_code: str, edition: Edition | None
) -> Juror:
    juror = get_juror_for(user, department_code, edition)
    if not juror.is_president:
        raise NotFound
    return juror


def is_president(user: User, department: Department) -> bool:
    seats = Juror.objects.seated().filter(user=user, department=department, is_president=True)
    return seats.exists()


def get_department_for(user: User | AnonymousUser, pk: int) -> Department:
    """Raises `NotFound` also for users who do not organize the edition."""
    department = get_or_not_found(Department.objects.select_related("edition"), pk=pk)
    organized_edition(user, department.edition)
    return department


def rules_of(department: Department) -> JuryRules:
    """The defaults, unsaved, if the department has no row."""
    rules = JuryRules.objects.filter(department=department).first()
    return rules or JuryRules(department=department)


def jurors_of(department: Department) -> list[Juror]:
    """Presidents come first, jurors who left come last."""
    jurors = department.jurors.select_related("user")
    return sorted(jurors, key=lambda juror: juror.left_at is not None)


def get_juror_of(department: Department, pk: int) -> Juror:
    jurors = Juror.objects.select_related("user", "department__edition")
    return get_or_not_found(jurors, pk=pk, department=department)


def criteria_of(department: Department) -> list[Criterion]:
    return list(Criterion.objects.filter(department=department))


def criteria_by_department[C: (Criterion, PassageCriterion)](
    edition: Edition, kind: type[C]
) -> dict[int, list[C]]:
    """By primary key of the department; one query."""
    criteria = defaultdict(list)
    for criterion in kind._default_manager.filter(department__edition=edition):
        criteria[criterion.department_id].append(criterion)
    return criteria


def find_criterion(department: Department, pk: int | None) -> Criterion | None:
    return Criterion.objects.filter(department=department, pk=pk).first() if pk else None


def get_criterion_of(department: Department, pk: int) -> Criterion:
    criteria = Criterion.objects.select_related("department__edition")
    return get_or_not_found(criteria, pk=pk, department=department)


def teams_of(department: Department) -> list[Team]:
    return list(Team.objects.filter(department=department).select_related("department__edition"))


def departments_with_marks(
    edition: Edition, kind: type[Score] | type[PassageMark] = Score
) -> set[int]:
    """By primary key; one query."""
    marks = kind._default_manager.filter(criterion__department__edition=edition)
    return set(marks.values_list("criterion__department", flat=True).distinct())


def scoring_has_begun(department: Department) -> bool:
    scores = Score.objects.filter(criterion__department=department)
    remarks = SheetChange.objects.of_remarks().filter(criterion__department=department)
    return scores.exists() or remarks.exists()


def recusals_of(department: Department) -> list[Recusal]:
    """Reasons are confidential: the caller checks that the reader organizes or presides."""
    recusals = Recusal.objects.filter(juror__department=department)
    return list(
        recusals.select_related("juror__user", "team", "made_by").order_by("team__name", "pk")
    )


def own_recusals(juror: Juror) -> list[Recusal]:
    return list(juror.recusals.select_related("team", "made_by").order_by("team__name"))


def is_recused(juror: Juror, team_pk: int) -> bool:
    """`team_pk`: as it is in the address, also larger than the database can store."""
    return team_pk in juror.recusals.values_list("team", flat=True)


def get_recusal_of(department: Department, pk: int) -> Recusal:
    recusals = Recusal.objects.select_related("juror__user", "juror__department__edition", "team")
    return get_or_not_found(recusals, pk=pk, juror__department=department)


def get_own_recusal(juror: Juror, pk: int) -> Recusal:
    recusals = Recusal.objects.select_related("juror__user", "juror__department__edition", "team")
    return get_or_not_found(recusals, pk=pk, juror=juror)


def get_team_of_jury(juror: Juror, pk: int) -> Team:
    teams = Team.objects.select_related("department__edition")
    return get_or_not_found(teams, pk=pk, department=juror.department_id)
