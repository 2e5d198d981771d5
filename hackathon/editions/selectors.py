"""Reads with the right of access built in: `NotFound` to everybody who may not see it."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound
from hackathon.editions import rules
from hackathon.editions.enums import Phase
from hackathon.editions.models import Brief, BriefAttachment, Department, Edition, Milestone

type AnyUser = User | AnonymousUser


def is_organizer(user: AnyUser, edition: Edition | None) -> bool:
    """Whether `user` organizes `edition`. Superusers do; people not signed in never."""
    if edition is None or not user.is_authenticated:
        return False
    return user.is_superuser or edition.organizers.filter(pk=user.pk).exists()


def organizers_among(users: Iterable[User], edition: Edition) -> set[int]:
    """The primary keys of those who organize `edition`; one query."""
    asked = list(users)
    found = edition.organizers.filter(pk__in=[user.pk for user in asked])
    return {*found.values_list("pk", flat=True), *(u.pk for u in asked if u.is_superuser)}


def may_create_editions(user: AnyUser) -> bool:
    """Superusers, and whoever organizes some edition."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or Edition.objects.filter(organizers=user.pk).exists()


def organized_edition(user: AnyUser, edition: Edition | None) -> Edition:
    """`edition`, if `user` organizes it; raises `NotFound` otherwise, or without an edition."""
    if edition is None or not is_organizer(user, edition):
        raise NotFound
    return edition


def get_organized_edition(user: AnyUser, slug: str) -> Edition:
    """The edition at this address, for its organizers."""
    return organized_edition(user, Edition.objects.filter(slug=slug).first())


def organized_editions(user: AnyUser) -> "QuerySet[Edition]":
    """Every edition that `user` organizes, newest first. Raises `NotFound` if there is none."""
    if not may_create_editions(user):
        raise NotFound
    found = Edition.objects.annotate(department_count=Count("departments"))
    return found if user.is_superuser else found.filter(organizers=user.pk)


def get_organized_department(user: AnyUser, pk: int) -> Department:
    """A department with its edition, for the organizers of that edition."""
    department = Department.objects.select_related("edition").filter(pk=pk).first()
    if department is None:
        raise NotFound
    organized_edition(user, department.edition)
    return department


def get_milestone(edition: Edition, pk: int) -> Milestone:
    """A stored milestone of an edition that the caller was given."""
    found = Milestone.objects.filter(edition=edition, pk=pk).first()
    if found is None:
        raise NotFound
    return found


def get_department(edition: Edition, pk: int) -> Department:
    """A department of an edition that the caller was given."""
    found = Department.objects.filter(edition=edition, pk=pk).first()
    if found is None:
        raise NotFound
    found.edition = edition
    return found


def has_departments(edition: Edition) -> bool:
    """Whether there is a department, without which nobody can register a team; one query."""
    return edition.departments.exists()


def is_open_for_nothing(edition: Edition, *, at: datetime) -> bool:
    """Whether the instants say that registration is open, and there is no department to register
    in; the database is asked only while they do.
    """
    return rules.phase(edition, at=at) == Phase.REGISTRATION and not has_departments(edition)


def departments_with_briefs(edition: Edition) -> list[Department]:
    """Departments in order, with their briefs (if written) and attachments: for organizers."""
    found = edition.departments.select_related("brief").prefetch_related("brief__attachments")
    return list(found)


def get_organizer(edition: Edition, pk: int) -> User:
    """A person who organizes an edition that the caller was given."""
    found = edition.organizers.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def organizers_of(edition: Edition) -> list[User]:
    """Who organizes an edition that the caller was given."""
    return list(edition.organizers.order_by("name", "email"))


def brief_of(department: Department) -> Brief | None:
    """The brief of a department that the caller organizes, with its attachments."""
    return Brief.objects.filter(department=department).prefetch_related("attachments").first()


def get_attachment_of(edition: Edition, pk: uuid.UUID) -> BriefAttachment:
    """An attachment of an edition that the caller organizes."""
    found = (
        BriefAttachment.objects.select_related("brief__department")
        .filter(brief__department__edition=edition, pk=pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def moments(edition: Edition) -> list[rules.Moment]:
    """The day's line, in one query."""
    return rules.day_line(edition, edition.milestones.all())


def find_department(edition: Edition, code: str) -> Department | None:
    """The department with this code; one query, none without a code."""
    return edition.departments.filter(code__iexact=code).first() if code else None


def visible_briefs(user: AnyUser, edition: Edition, at: datetime) -> "QuerySet[Brief]":
    """The briefs that exist for `user` at `at`, in the departments' order."""
    briefs = (
        Brief.objects.filter(department__edition=edition)
        .select_related("department")
        .prefetch_related("attachments")
        .order_by("department__position", "department__name")
    )
    return briefs if is_organizer(user, edition) else briefs.published(at)


def get_brief_for(user: AnyUser, code: str, edition: Edition | None, at: datetime) -> Brief:
    """The brief of the department `code`. Before its instant `NotFound`, as for an unknown code."""
    if edition is None:
        raise NotFound
    brief = visible_briefs(user, edition, at).filter(department__code__iexact=code).first()
    if brief is None:
        raise NotFound
    brief.department.edition = edition
    return brief


def get_attachment_for(user: AnyUser, pk: uuid.UUID, at: datetime) -> BriefAttachment:
    """An attachment, exactly as secret as its brief. Raises `NotFound`."""
    found = (
        BriefAttachment.objects.select_related("brief__department__edition").filter(pk=pk).first()
    )
    if found is None:
        raise NotFound
    published = rules.brief_is_published(found.brief, at=at)
    if not published and not is_organizer(user, found.brief.department.edition):
        raise NotFound
    return found
