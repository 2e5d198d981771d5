"""Reads of packages. A package that is not up to date with its brief is treated as missing."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from hackathon.base.core import extras
from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Brief, BriefAttachment, Department, Edition
from hackathon.extras.packages import rules
from hackathon.extras.packages.models import BriefPackage


def packages_of(edition: Edition, department_pks: Iterable[int]) -> list[BriefPackage]:
    packages = _packages().filter(department__edition=edition, department__in=list(department_pks))
    return [package for package in packages if _is_up_to_date(package)]


def get_package_for(
    edition: Edition | None, department_pks: Iterable[int], pk: uuid.UUID
) -> BriefPackage:
    packages = packages_of(edition, department_pks) if edition is not None else []
    for package in packages:
        if package.pk == pk:
            return package
    raise NotFound


def public_key(package: BriefPackage, *, at: datetime) -> str:
    brief, _attachments = brief_with_attachments(package.department)
    if not rules.key_is_public(brief, at=at):
        raise NotFound
    return package.key


def packages_to_unlock(*, at: datetime) -> list[uuid.UUID]:
    """The packages whose key is public and not yet published. Two queries at most."""
    packages = (p for p in _to_unlock(at=at) if extras.is_on("packages", p.department.edition))
    return [package.pk for package in packages if _is_up_to_date(package)]


def lock_package_to_unlock(pk: uuid.UUID, *, at: datetime) -> BriefPackage | None:
    """One of those, its row locked until the transaction ends."""
    BriefPackage.objects.select_for_update().filter(pk=pk).first()
    package = _to_unlock(at=at).filter(pk=pk).first()
    return package if package is not None and _is_up_to_date(package) else None


def departments_without_package(edition: Edition, *, at: datetime) -> list[int]:
    """The departments that need a package and have no up-to-date one. Two queries."""
    return [d.pk for d in _departments().filter(edition=edition) if _lacks_package(d, at=at)]


def department_without_package(pk: int, *, at: datetime) -> Department | None:
    """One of those, with its brief, attachments and outdated package."""
    department = _departments().filter(pk=pk).first()
    return department if department is not None and _lacks_package(department, at=at) else None


def packages_to_remove(*, at: datetime) -> list[uuid.UUID]:
    packages = BriefPackage.objects.select_related("department__edition")
    return [p.pk for p in packages if not rules.has_packages(p.department.edition, at=at)]


def brief_with_attachments(department: Department) -> tuple[Brief | None, list[BriefAttachment]]:
    """No query if the department comes from this module."""
    brief: Brief | None = getattr(department, "brief", None)
    return brief, list(brief.attachments.all()) if brief is not None else []


def _lacks_package(department: Department, *, at: datetime) -> bool:
    brief, attachments = brief_with_attachments(department)
    package: BriefPackage | None = getattr(department, "package", None)
    if package is not None and rules.is_up_to_date(package, brief, attachments):
        return False
    return rules.needs_package(department.edition, brief, at=at)


def _is_up_to_date(package: BriefPackage) -> bool:
    return rules.is_up_to_date(package, *brief_with_attachments(package.department))


def _packages() -> "QuerySet[BriefPackage]":
    packages = BriefPackage.objects.select_related("department__edition", "department__brief")
    return packages.prefetch_related("department__brief__attachments").order_by(
        "department__position", "department__name"
    )


def _to_unlock(*, at: datetime) -> "QuerySet[BriefPackage]":
    return _packages().filter(
        unlocked_at=None,
        department__edition__is_current=True,
        department__brief__published_at__lte=at,
    )


def _departments() -> "QuerySet[Department]":
    departments = Department.objects.select_related("edition", "brief", "package")
    return departments.prefetch_related("brief__attachments")
