"""Raises `NotFound` for users who may not see the object."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Q, QuerySet, Value, When

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound, Refusal
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions import rules
from hackathon.event.editions.enums import ColleagueRole, EditionState, Phase
from hackathon.event.editions.models import (
    Brief,
    BriefAttachment,
    BriefQuerySet,
    BriefVersion,
    Colleague,
    Department,
    Edition,
    Milestone,
    brief_stamp,
)

type AnyUser = User | AnonymousUser


def is_organizer(user: AnyUser, edition: Edition | None) -> bool:
    """Or a colleague whose role counts in this request (`views.setup.for_desk`). One query."""
    if edition is None or not user.is_authenticated:
        return False
    granted = "" if user.is_superuser else _granted(user, edition)
    if granted is None or not user.may_organize:
        return False
    user.granted_as = granted
    return True


def _granted(user: User, edition: Edition) -> str | None:
    rights = edition.organizers.filter(pk=user.pk).order_by().values_list(Value(""))
    if counted := user.counted_roles():
        own = edition.colleagues.filter(user=user.pk, role__in=counted)
        rights = rights.union(own.values_list("role"))
    return min((role for (role,) in rights), default=None)


def reads_only(user: AnyUser) -> bool:
    """Some edition. One query."""
    roles = Colleague.objects.filter(user=user.pk, role=ColleagueRole.READER)
    return user.is_authenticated and roles.exists() and user.may_organize


def _organized_by(user: User) -> Q:
    """Of editions. As `is_organizer`, without superusers."""
    own = Q(
        pk__in=Edition.organizers.through._default_manager.filter(user=user.pk).values("edition")
    )
    if counted := user.counted_roles():
        roles = Colleague.objects.filter(user=user.pk, role__in=counted)
        own |= Q(pk__in=roles.values("edition"))
    return own


def published_editions(*, at: datetime) -> "QuerySet[Edition]":
    """Editions with public results, newest first. Drafts are excluded."""
    published = Edition.objects.filter(results_published_at__lte=at)
    return published.exclude(state=EditionState.DRAFT)


def get_published_edition(slug: str, *, at: datetime) -> Edition:
    """One query, the same for an unknown edition and for one whose results are secret."""
    return get_or_not_found(published_editions(at=at), slug=slug)


def may_create_editions(user: AnyUser) -> bool:
    if not user.is_authenticated:
        return False
    organizes = user.is_superuser or Edition.objects.filter(_organized_by(user)).exists()
    return organizes and user.may_organize


def organized_edition(user: AnyUser, edition: Edition | None) -> Edition:
    if edition is None or not is_organizer(user, edition):
        raise NotFound
    return edition


def get_organized_edition(user: AnyUser, slug: str) -> Edition:
    return organized_edition(user, Edition.objects.filter(slug=slug).first())


def organized_editions(user: AnyUser) -> "QuerySet[Edition]":
    """Newest first, archived ones last, with `department_count`. Raises `NotFound` if `user`
    organizes none.
    """
    if not may_create_editions(user):
        raise NotFound
    archived = Case(When(state=EditionState.ARCHIVED, then=1), default=0)
    editions = Edition.objects.annotate(department_count=Count("departments"))
    editions = editions.order_by(archived, "-starts_at", "pk")
    return editions if user.is_superuser else editions.filter(_organized_by(user))  # type: ignore[arg-type]


def get_organized_department(user: AnyUser, pk: int) -> Department:
    department = get_or_not_found(Department.objects.select_related("edition"), pk=pk)
    organized_edition(user, department.edition)
    return department


def get_milestone(edition: Edition, pk: int) -> Milestone:
    milestone = get_or_not_found(Milestone.objects.all(), edition=edition, pk=pk)
    milestone.edition = edition
    return milestone


def get_department(edition: Edition, pk: int) -> Department:
    department = get_or_not_found(Department.objects.all(), edition=edition, pk=pk)
    department.edition = edition
    return department


def has_departments(edition: Edition) -> bool:
    return edition.departments.exists()


def is_open_without_departments(edition: Edition, *, at: datetime) -> bool:
    """A query only while registration is open."""
    return rules.phase(edition, at=at) == Phase.REGISTRATION and not has_departments(edition)


@dataclass(frozen=True)
class DepartmentBrief:
    department: Department
    brief: Brief | None
    is_published: bool


def departments_with_briefs(edition: Edition, *, at: datetime) -> list[DepartmentBrief]:
    lines = []
    for department in edition.departments.select_related("brief"):
        brief: Brief | None = getattr(department, "brief", None)
        published = brief is not None and rules.brief_is_published(brief, at=at)
        lines.append(DepartmentBrief(department, brief, published))
    return lines


def organizers_of(edition: Edition) -> list[User]:
    return list(edition.organizers.order_by("name", "email"))


def oddities(edition: Edition, *, at: datetime) -> list[Refusal]:
    """Two queries."""
    briefs = Brief.objects.filter(department__edition=edition).select_related("department")
    return rules.oddities(edition, edition.milestones.all(), briefs, at=at)


@dataclass(frozen=True)
class BriefChange:
    """`lines`: whether each is new, and the line."""

    at: datetime
    lines: list[tuple[bool, str]]


def brief_of(department: Department) -> Brief | None:
    return Brief.objects.filter(department=department).prefetch_related("attachments").first()


def get_version(edition: Edition, pk: int) -> BriefVersion:
    """For organizers. Raises `NotFound`."""
    return get_or_not_found(
        BriefVersion.objects.select_related("brief__department"),
        brief__department__edition=edition,
        pk=pk,
    )


def last_change(brief: Brief) -> BriefChange | None:
    """What has changed last in a brief that was public already. Two queries at most."""
    newest = brief.versions.first()
    if newest is None or newest.written_at is None or not newest.replaces_public:
        return None
    former = brief.versions.filter(pk__lt=newest.pk).first()
    lines = rules.changed_lines(former, newest) if former else []
    return BriefChange(newest.written_at, lines)


def get_attachment_of(edition: Edition, pk: uuid.UUID) -> BriefAttachment:
    return get_or_not_found(
        BriefAttachment.objects.select_related("brief__department"),
        brief__department__edition=edition,
        pk=pk,
    )


def moments(edition: Edition) -> list[rules.Moment]:
    return rules.day_line(edition, edition.milestones.all())


def find_department(edition: Edition, code: str) -> Department | None:
    return edition.departments.filter(code__iexact=code).first() if code else None


def briefs_of(edition: Edition) -> BriefQuerySet:
    """Also those that are still secret."""
    return (
        Brief.objects.filter(department__edition=edition)
        .select_related("department")
        .prefetch_related("attachments")
        .order_by("department__position", "department__name")
    )


def brief_stamps(edition: Edition, department_pk: int, *, at: datetime) -> list[str]:
    """Of the public brief that a department works on, until the deadline. One query."""
    if at > edition.deadline_at:
        return []
    briefs = Brief.objects.published(at).filter(department=department_pk)
    counted = briefs.annotate(texts=Count("versions")).values_list("pk", "texts")
    return [brief_stamp(pk, texts) for pk, texts in counted]


def coming_briefs(edition: Edition, *, at: datetime) -> list[Brief]:
    """Those that are still secret, the first one first. For organizers. One query."""
    coming = Brief.objects.filter(department__edition=edition, published_at__gt=at)
    return list(coming.select_related("department").order_by("published_at", "department"))


def visible_briefs(user: AnyUser, edition: Edition, at: datetime) -> BriefQuerySet:
    briefs = briefs_of(edition)
    return briefs if is_organizer(user, edition) else briefs.published(at)


def get_brief_for(user: AnyUser, code: str, edition: Edition | None, at: datetime) -> Brief:
    if edition is None:
        raise NotFound
    brief = get_or_not_found(visible_briefs(user, edition, at), department__code__iexact=code)
    brief.department.edition = edition
    return brief


def get_attachment_for(user: AnyUser, pk: uuid.UUID, at: datetime) -> BriefAttachment:
    attachment = get_or_not_found(
        BriefAttachment.objects.select_related("brief__department__edition"), pk=pk
    )
    edition = attachment.brief.department.edition
    is_public = edition.state == EditionState.OPEN and rules.brief_is_published(
        attachment.brief, at=at
    )
    if not is_public and not is_organizer(user, edition):
        raise NotFound
    return attachment
