import logging
import uuid
from datetime import datetime

from django.db import transaction

from hackathon.base.core import containers, journal
from hackathon.event.editions.models import Department, Edition
from hackathon.extras.packages import live, rules, selectors
from hackathon.extras.packages.contents import DamagedAttachment, contents
from hackathon.extras.packages.models import BriefPackage

logger = logging.getLogger(__name__)


def make(department_pk: int, *, at: datetime) -> BriefPackage | None:
    """None if the department needs no package, if an attachment is damaged, or if the brief changes
    while the file is written, which happens without a lock.
    """
    department = selectors.department_without_package(department_pk, at=at)
    if department is None:
        return None
    brief, attachments = selectors.brief_with_attachments(department)
    package = BriefPackage(department=department, packed_at=at)
    try:
        containers.fill(package, *contents(brief, attachments))
    except DamagedAttachment as damaged:
        logger.error("No package for department %s: attachment %s", department_pk, damaged)
        return None
    package.contents = rules.contents_digest(brief, attachments)
    if _replace(package, at=at):
        return package
    package.file.delete(save=False)
    return None


@transaction.atomic
def unlock(*, pk: uuid.UUID, at: datetime) -> bool:
    """Publish the key of a package whose brief is public. False if it was published before."""
    # The lock orders this and a change of the publication instant: the selector sees a committed
    # change, and a later change waits until the key was sent while it was public.
    editions = Edition.objects.select_for_update(no_key=True, of=("self",))
    editions.filter(departments__package=pk).first()
    package = selectors.lock_package_to_unlock(pk, at=at)
    if package is None:
        return False
    package.unlocked_at = at
    package.save(update_fields=["unlocked_at"])
    code = package.department.code
    journal.record("brief.unlocked", package, by=None, at=at, department=code)
    live.package_unlocked(package, at=at)
    return True


@transaction.atomic
def revoke(*, department: Department, at: datetime) -> None:
    """Remove the package and its published key, in the transaction that makes the brief secret."""
    for package in BriefPackage.objects.select_for_update().filter(department=department):
        live.forget_package_unlocked(package, at=at)
        package.delete()


@transaction.atomic
def remove(*, pk: uuid.UUID) -> None:
    for package in BriefPackage.objects.select_for_update().filter(pk=pk):
        package.delete()


@transaction.atomic
def _replace(package: BriefPackage, *, at: datetime) -> bool:
    Edition.objects.select_for_update().get(pk=package.department.edition_id)
    department = selectors.department_without_package(package.department_id, at=at)
    if department is None:
        return False
    if package.contents != rules.contents_digest(*selectors.brief_with_attachments(department)):
        return False
    if (former := getattr(department, "package", None)) is not None:
        former.delete()
    package.save(force_insert=True)
    return True
