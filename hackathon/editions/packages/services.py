"""Packages of briefs: the key told at the instant, and what is taken back."""

import uuid
from datetime import datetime

from django.db import transaction

from hackathon.core import journal
from hackathon.editions import live
from hackathon.editions.models import BriefPackage, Department, Edition
from hackathon.editions.packages import packing, selectors


@transaction.atomic
def unlock(*, pk: uuid.UUID, at: datetime) -> bool:
    """Tell the department's pages the key of a package whose brief is public; once, whoever else
    tries. Whether it was this call.
    """
    # Who moves the instant holds this lock: either they are done, and the rule sees it, or they
    # wait, and the key left while the brief was public.
    editions = Edition.objects.select_for_update(no_key=True, of=("self",))
    editions.filter(departments__package=pk).first()
    package = selectors.unlockable(pk, at=at)
    if package is None:
        return False
    package.unlocked_at = at
    package.save(update_fields=["unlocked_at"])
    code = package.department.code
    journal.record("brief.unlocked", package, by=None, at=at, department=code)
    live.tell_unlocked(package, at=at)
    return True


@transaction.atomic
def take_back(*, department: Department, at: datetime) -> None:
    """The department's brief was public and is not any more: what was locked gets another key, and
    who resumes is not told the former one. Inside the transaction of that change.
    """
    for package in BriefPackage.objects.select_for_update().filter(department=department):
        live.forget_unlocked(package, at=at)
        packing.discard(package)


@transaction.atomic
def forget(*, pk: uuid.UUID) -> None:
    """Remove a package that nobody is offered any more."""
    for package in BriefPackage.objects.select_for_update().filter(pk=pk):
        packing.discard(package)
