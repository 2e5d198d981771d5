from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, ProtectedError

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, refuse
from hackathon.event.editions import live
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services.briefs import remove_on_commit, stored_files
from hackathon.event.editions.services.guard import lock_for


@transaction.atomic
def save(
    *,
    edition: Edition,
    code: str,
    name: str,
    by: User,
    at: datetime,
    department: Department | None = None,
    position: int | None = None,
) -> Department:
    """A new department without `position` comes last."""
    edition = lock_for(by, edition.pk)
    act = "department.added" if department is None else "department.changed"
    if position is None:
        last = edition.departments.aggregate(last=Max("position"))["last"] or 0
        position = last + 1 if department is None else department.position
    department = department or Department(edition=edition)
    before = journal.state(department, ("code", "name")) if department.pk else {}
    department.code, department.name, department.position = code, name, position
    try:
        with transaction.atomic():
            department.save()
    except IntegrityError as error:
        raise Refused(refuse(EditionRefusal.DEPARTMENT_CODE_TAKEN, taken=code)) from error
    changes = journal.changes(before, department)
    journal.record(act, department, by=by, at=at, code=code, changes=changes)
    live.edition_changed(edition, changed=["departments"], at=at)
    return department


@transaction.atomic
def add(
    *, edition: Edition, rows: Iterable[tuple[str, str]], by: User, at: datetime
) -> list[Department]:
    """All of them or none. `rows`: code and name."""
    return [save(edition=edition, code=code, name=name, by=by, at=at) for code, name in rows]


@transaction.atomic
def delete(*, department: Department, by: User, at: datetime) -> None:
    """Also deletes the brief. Raises `Refused` if there are teams, deliverables or a jury."""
    edition = lock_for(by, department.edition_id)
    # The registration of a team waits for this lock.
    department = Department.objects.select_for_update().get(pk=department.pk)
    files = stored_files([department])
    journal.record("department.deleted", department, by=by, at=at, code=department.code)
    try:
        department.delete()
    except ProtectedError as error:
        kinds = {str(o._meta.verbose_name_plural) for o in error.protected_objects}
        refusal = refuse(
            EditionRefusal.DEPARTMENT_IN_USE,
            department=department.name,
            things=", ".join(sorted(kinds)),
        )
        raise Refused(refusal) from error

    remove_on_commit(files)
    live.edition_changed(edition, changed=["departments"], at=at)
