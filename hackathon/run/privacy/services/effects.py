"""Does what the declarations of `core.personal_data` say, for one person or for one edition.

The journal, live messages and accounts are not among it: see `facts` and `accounts.services`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.deletion import ProtectedError, RestrictedError

from hackathon.base.accounts.models import User
from hackathon.base.core.personal_data import BLANK, DELETE, REPLACE, Declaration
from hackathon.event.editions.models import Edition
from hackathon.run.privacy import selectors
from hackathon.run.privacy.selectors import Rows, Work

BATCH = 200


@dataclass
class Done:
    """`rows` by the code of their subject. `files`, which no row names now: the field that named
    one (app, model and name), and its name in the storage.
    """

    rows: Counter[str] = field(default_factory=Counter)
    files: list[tuple[str, str]] = field(default_factory=list)


def erase(user: User) -> Done:
    """References to the account stay: its own name is replaced."""
    return _carry_out(selectors.work_of(user), owner=user)


def erase_all(users: list[User]) -> Done:
    """Of people who organize nothing."""
    return _carry_out(selectors.work_of_all(users))


def anonymise(edition: Edition, stand_ins: Mapping[int, int], *, with_pictures: bool) -> Done:
    """`stand_ins`: the anonymous account for each replaced one, by the key of the latter."""
    work = selectors.work_in(edition, with_pictures=with_pictures)
    return _carry_out(work, stand_ins=stand_ins)


def _carry_out(
    work: Work, *, owner: User | None = None, stand_ins: Mapping[int, int] | None = None
) -> Done:
    done = Done()
    for declaration, effect, rows in work:
        for name in declaration.fields if effect in (BLANK, REPLACE) else ():
            column: Any = rows.model._meta.get_field(name)
            if column.many_to_many:
                changed = _leave(column, rows, owner)
            elif column.is_relation and effect == REPLACE:
                changed = _refer_to_others(name, rows, stand_ins or {})
            elif callable(declaration.neutral) and effect == REPLACE:
                changed = _compute(name, rows, declaration.neutral)
            else:
                changed = _write(
                    column, rows, declaration.neutral if effect == REPLACE else None, done
                )
            done.rows[declaration.subject.code] += changed
    _delete([(d, rows) for d, effect, rows in work if effect == DELETE], done)
    return done


def _write(column: Any, rows: Rows, text: Any, done: Done) -> int:
    """`text` None: the empty value. Where there is nothing nothing is written."""
    filled = selectors.filled(rows, column)
    if isinstance(column, models.FileField):
        where = f"{column.model._meta.label}.{column.name}"
        done.files += [(where, name) for name in filled.values_list(column.name, flat=True)]
    return _in_place(filled).update(
        **{column.name: selectors.empty_value(column) if text is None else text}
    )


def remove_file(where: str, name: str) -> None:
    """Nothing happens if it is not there any more."""
    model, _, column = where.rpartition(".")
    field: Any = apps.get_model(model)._meta.get_field(column)
    field.storage.delete(name)


def _leave(column: Any, rows: Rows, owner: User | None) -> int:
    """Of a relation to several accounts: the one of `owner` is removed from it."""
    if owner is None:
        return 0
    through = column.remote_field.through._default_manager
    links = through.filter(
        **{
            f"{column.m2m_field_name()}__in": rows.values("pk"),
            column.m2m_reverse_field_name(): owner.pk,
        }
    )
    return links.delete()[0]


def _refer_to_others(name: str, rows: Rows, stand_ins: Mapping[int, int]) -> int:
    named = rows.filter(**{f"{name}__in": list(stand_ins)})
    people = set(named.values_list(name, flat=True))
    return sum(
        _in_place(rows.filter(**{name: pk})).update(**{name: stand_ins[pk]}) for pk in people
    )


def _compute(name: str, rows: Rows, neutral: Callable[[Any], Any]) -> int:
    others = []
    for row in rows:
        value = neutral(row)
        if value != getattr(row, name):
            setattr(row, name, value)
            others.append(row)
    return rows.model._base_manager.bulk_update(others, [name], batch_size=BATCH)


def _in_place(rows: Rows) -> Rows:
    """An update can't follow joins."""
    return rows.model._base_manager.filter(pk__in=rows.order_by().values("pk"))


def _delete(work: list[tuple[Declaration, Rows]], done: Done) -> None:
    """Whose a row is can depend on another row that goes too. Rows to which others refer wait for
    these.
    """
    left = [
        (declaration, rows.model._base_manager, list(rows.values_list("pk", flat=True)))
        for declaration, rows in work
    ]
    while left:
        waiting = []
        for declaration, manager, pks in left:
            try:
                done.rows[declaration.subject.code] += manager.filter(pk__in=pks).delete()[0]
            except (ProtectedError, RestrictedError):
                waiting.append((declaration, manager, pks))
        if len(waiting) == len(left):
            raise RuntimeError(f"Rows that others keep: {[str(d.model) for d, *_ in waiting]}")
        left = waiting
