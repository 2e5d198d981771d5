"""What the departments of an edition ask for, written as one table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, Refused
from hackathon.base.core.tables import Row
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services.guard import lock_for


@dataclass(frozen=True)
class Change:
    department: Department
    row: Row


@dataclass(frozen=True)
class Copies:
    source: Department
    targets: list[Department]


@dataclass(frozen=True)
class Copied:
    """Names of what was added, of what the department had already, which was left, and of what was
    not copied because its own deadline is over.
    """

    department: Department
    added: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """`refused` by index of the changes: then nothing was written."""

    refused: dict[int, Refusal] = field(default_factory=dict)
    copied: list[Copied] = field(default_factory=list)


@transaction.atomic
def write(
    edition: Edition,
    changes: Sequence[Change],
    copies: Copies | None,
    *,
    save: Callable[..., None],
    copy: Callable[..., Copied],
    by: User,
    at: datetime,
) -> Outcome:
    """All changes, then the copies, or nothing. Locks the edition. Raises `Refused` for a copy.

    `save`: of a change; `copy`: from a department to another. Both take `by` and `at` too.
    """
    lock_for(by, edition.pk)
    refused = {}
    for index, change in enumerate(changes):
        try:
            with transaction.atomic():
                save(change, by=by, at=at)
        except Refused as error:
            refused[index] = error.refusal
    if refused:
        transaction.set_rollback(True)
        return Outcome(refused)
    if copies is None:
        return Outcome()
    return Outcome(copied=[copy(copies.source, one, by=by, at=at) for one in copies.targets])


def copy_missing(
    target: Department, originals: Iterable[Any], existing: Iterable[Any], add: Callable[[Any], Any]
) -> Copied:
    """Adds the originals whose name no existing row has."""
    copied, names = Copied(target), {row.name.casefold() for row in existing}
    for original in originals:
        if original.name.casefold() in names:
            copied.kept.append(original.name)
        else:
            add(original)
            copied.added.append(original.name)
    return copied
