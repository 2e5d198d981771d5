from django.db.models import Count, F, Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.public_demo.enums import Role
from hackathon.extras.public_demo.models import PublicDemo
from hackathon.run.demo.build import SLUG
from hackathon.run.demo.people import DOMAIN


def state() -> PublicDemo:
    return PublicDemo.objects.first() or PublicDemo(pk=1)


def is_only_demo() -> bool:
    """Whether the database has nothing that the first reset must not erase."""
    others = Edition.objects.exclude(slug__startswith=SLUG)
    people = User.objects.exclude(email__endswith=f"@{DOMAIN}")
    return not others.exists() and not people.exists()


def accounts_of(role: Role, edition_pk: int | None) -> QuerySet[User]:
    """Those that a visitor may get; first who has been used the longest time ago, and of students
    who has the most to do.
    """
    match role:
        case Role.ORGANIZER:
            found = Q(organized=edition_pk)
        case Role.STUDENT:
            found = Q(memberships__edition=edition_pk, memberships__is_captain=True)
        case Role.HELPER:
            found = Q(duties__edition=edition_pk)
        case _:
            is_president = role == Role.PRESIDENT
            found = Q(
                juries__department__edition=edition_pk,
                juries__is_president=is_president,
                juries__kind="teacher",
            )
    users = User.objects.filter(found, is_active=True, is_superuser=False)
    users = users.annotate(deposits=Count("memberships__team__submissions"))
    return users.order_by(F("last_login").asc(nulls_first=True), "deposits", "pk")
