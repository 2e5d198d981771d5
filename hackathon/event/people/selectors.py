"""Everybody who takes part in an edition. For its organizers: callers have checked it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Colleague, Edition
from hackathon.event.people.enums import Role
from hackathon.event.people.errors import PeopleRefusal
from judging.models import Juror
from teams.models import Duty, Membership, Student

# The rows that make somebody take part in an edition, and the way to it.
ROWS = {
    Role.COLLEAGUE: (Colleague, "edition"),
    Role.MEMBER: (Membership, "edition"),
    Role.STUDENT: (Student, "edition"),
    Role.JUROR: (Juror, "department__edition"),
    Role.HELPER: (Duty, "edition"),
}


@dataclass
class Person:
    user: User
    is_organizer: bool = False
    colleague: Colleague | None = None
    membership: Membership | None = None
    student: Student | None = None
    juries: list[Juror] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)


def people_of(edition: Edition, *, text: str = "", role: str = "") -> QuerySet[User]:
    parts = {
        Role.ORGANIZER: Q(pk__in=_organizers(edition)),
        **{
            name: Q(pk__in=model._default_manager.filter(**{path: edition.pk}).values("user"))
            for name, (model, path) in ROWS.items()
        },
    }
    in_role = parts.get(Role(role)) if role in Role.values else None
    if in_role is None:
        in_role = Q(pk__in=[])
        for part in parts.values():
            in_role |= part
    people = User.objects.filter(in_role)
    if text:
        people = people.filter(
            Q(name__icontains=text)
            | Q(email__icontains=text)
            | Q(
                pk__in=Membership.objects.filter(
                    edition=edition.pk, team__name__icontains=text
                ).values("user")
            )
        )
    return people.order_by("name", "email")


def found_outside_teams(edition: Edition, text: str) -> list[User]:
    """The first 20."""
    members = Membership.objects.filter(edition=edition.pk).values("user")
    return list(people_of(edition, text=text).exclude(pk__in=members)[:20]) if text else []


def people_of_no_edition() -> QuerySet[User]:
    """Also those who have an account since today, and no team yet."""
    taken = Q(pk__in=Edition.organizers.through._default_manager.values("user"))
    for model, _path in ROWS.values():
        taken |= Q(pk__in=model._default_manager.values("user"))
    return User.objects.exclude(taken)


def with_roles(edition: Edition, users: Sequence[User]) -> list[Person]:
    """Six queries."""
    people = {user.pk: Person(user) for user in users}
    for (pk,) in _organizers(edition).filter(user__in=people).values_list("user"):
        people[pk].is_organizer = True
    for colleague in edition.colleagues.filter(user__in=people):
        people[colleague.user_id].colleague = colleague
    for membership in Membership.objects.filter(edition=edition.pk, user__in=people).select_related(
        "team__department"
    ):
        people[membership.user_id].membership = membership
    for student in Student.objects.filter(edition=edition.pk, user__in=people).select_related(
        "department"
    ):
        people[student.user_id].student = student
    for juror in Juror.objects.filter(
        department__edition=edition.pk, user__in=people, left_at=None
    ).select_related("department"):
        people[juror.user_id].juries.append(juror)
    for duty in Duty.objects.filter(edition=edition.pk, user__in=people).select_related(
        "department"
    ):
        people[duty.user_id].duties.append(duty)
    return list(people.values())


def get_person(edition: Edition, pk: int) -> Person:
    user = get_or_not_found(people_of(edition), pk=pk)
    (person,) = with_roles(edition, [user])
    return person


def takes_part_elsewhere(user: User, by: User) -> bool:
    """In an edition that `by` does not organize."""
    own = Edition.organizers.through.objects.filter(user=user.pk)
    editions = set(own.values_list("edition", flat=True))
    for model, path in ROWS.values():
        rows = model._default_manager.filter(user=user.pk)
        editions |= set(rows.values_list(path, flat=True))
    organized = Edition.objects.filter(pk__in=editions, organizers=by.pk).count()
    return organized < len(editions)


def obstacles(user: User) -> list[Refusal]:
    """Why the person can't delete their account yet; each says who has to take over what."""
    refusals = [
        refuse(PeopleRefusal.SOLE_ORGANIZER, edition=edition.name, slug=edition.slug)
        for edition in user.organized.all()
        if not edition.organizers.exclude(pk=user.pk).filter(is_active=True).exists()
    ]
    led = user.memberships.filter(is_captain=True, edition__is_current=True)
    others = Membership.objects.exclude(user=user).filter(team=OuterRef("team"))
    refusals += [
        refuse(PeopleRefusal.CAPTAIN, team=membership.team.name)
        for membership in led.filter(Exists(others)).select_related("team")
    ]
    seats = Juror.objects.seated().filter(
        Q(department__edition__results_published_at=None)
        | Q(department__held_back_at__isnull=False),
        user=user,
        department__edition__state=EditionState.OPEN,
    )
    refusals += [
        refuse(PeopleRefusal.JUROR, department=seat.department.name)
        for seat in seats.select_related("department")
    ]
    administrators = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not administrators.exists():
        refusals.append(refuse(PeopleRefusal.SOLE_ADMINISTRATOR))
    return refusals


def _organizers(edition: Edition) -> QuerySet:
    return Edition.organizers.through.objects.filter(edition=edition.pk).values("user")
