"""Reads of briefs' packages. One that does not hold its brief as it is now is as if it were not
there.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from hackathon.core.errors import NotFound
from hackathon.editions.models import Brief, BriefAttachment, BriefPackage, Department, Edition
from hackathon.editions.packages import rules


def packages_of(edition: Edition, department_pks: Iterable[int]) -> list[BriefPackage]:
    """The packages of these departments, in the departments' order. Two queries."""
    found = _packages().filter(department__edition=edition, department__in=list(department_pks))
    return [package for package in found if is_current(package)]


def get_package_for(
    edition: Edition | None, department_pks: Iterable[int], pk: uuid.UUID
) -> BriefPackage:
    """A package of one of these departments. Raises `NotFound`."""
    found = packages_of(edition, department_pks) if edition is not None else []
    for package in found:
        if package.pk == pk:
            return package
    raise NotFound


def public_key(package: BriefPackage, *, at: datetime) -> str:
    """The key, once the brief is public. Raises `NotFound` before, as for no such package."""
    brief, _attachments = brief_in(package.department)
    if not rules.key_is_public(brief, at=at):
        raise NotFound
    return package.key


def unlockable(pk: uuid.UUID, *, at: datetime) -> BriefPackage | None:
    """A package whose key is public and of which no page was told, locked until the transaction
    ends.
    """
    BriefPackage.objects.select_for_update().filter(pk=pk).first()
    package = _untold(at=at).filter(pk=pk).first()
    return package if package is not None and is_current(package) else None


def untold_packages(*, at: datetime) -> list[uuid.UUID]:
    """Those whose key is public, and of which pages were not told yet. Two queries at most."""
    return [package.pk for package in _untold(at=at) if is_current(package)]


def unpacked_departments(edition: Edition, *, at: datetime) -> list[int]:
    """The departments that lack a package of their brief as it is. Two queries."""
    return [d.pk for d in _departments().filter(edition=edition) if is_to_be_packed(d, at=at)]


def department_to_pack(pk: int, *, at: datetime) -> Department | None:
    """A department with its brief, attachments and former package, if it lacks a current one."""
    found = _departments().filter(pk=pk).first()
    return found if found is not None and is_to_be_packed(found, at=at) else None


def forgotten_packages(*, at: datetime) -> list[uuid.UUID]:
    """Those that nobody is offered any more: their edition is over, or not the one shown."""
    found = BriefPackage.objects.select_related("department__edition")
    return [p.pk for p in found if not rules.is_offered(p.department.edition, at=at)]


def brief_in(department: Department) -> tuple[Brief | None, list[BriefAttachment]]:
    """What there is to pack of a department that was read with its brief and attachments."""
    brief: Brief | None = getattr(department, "brief", None)
    return brief, list(brief.attachments.all()) if brief is not None else []


def is_to_be_packed(department: Department, *, at: datetime) -> bool:
    """Whether it lacks a package, as it was read here."""
    brief, attachments = brief_in(department)
    package: BriefPackage | None = getattr(department, "package", None)
    if package is not None and rules.is_current(package, brief, attachments):
        return False
    return rules.is_to_be_packed(department.edition, brief, at=at)


def is_current(package: BriefPackage) -> bool:
    """Whether a package that was read here holds its brief as it was then."""
    return rules.is_current(package, *brief_in(package.department))


def _packages() -> "QuerySet[BriefPackage]":
    found = BriefPackage.objects.select_related("department__edition", "department__brief")
    return found.prefetch_related("department__brief__attachments").order_by(
        "department__position", "department__name"
    )


def _untold(*, at: datetime) -> "QuerySet[BriefPackage]":
    return _packages().filter(
        unlocked_at=None,
        department__edition__is_current=True,
        department__brief__published_at__lte=at,
    )


def _departments() -> "QuerySet[Department]":
    found = Department.objects.select_related("edition", "brief", "package")
    return found.prefetch_related("brief__attachments")
