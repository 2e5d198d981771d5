"""Which rows of the database refer to others."""

from collections.abc import Collection, Iterator

from django.db.models import ForeignObjectRel, Model, QuerySet

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from judging.models import Juror
from teams.models import Membership, Student


def references_to(model: type[Model], pks: Collection[int]) -> Iterator[tuple[QuerySet, str]]:
    """A query set and its field for each relation to `model`, many-to-many included."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            name = relation.field.name
            manager = relation.related_model._base_manager
            yield manager.filter(**{f"{name}__in": pks}).order_by(), name


def bound_users(
    pks: Collection[int], *, except_of: Edition, except_jurors: bool = False
) -> set[int]:
    """Those whose account anything needs but their membership and their entry in the list of
    `except_of`, or their seats in its juries: a new address would give it to somebody else. No
    query without `pks`.
    """
    bound: set[int] = set()
    for rows, name in references_to(User, pks) if pks else ():
        if rows.model is Juror and except_jurors:
            rows = rows.exclude(department__edition=except_of)
        elif rows.model in (Membership, Student) and not except_jurors:
            rows = rows.exclude(edition=except_of)
        bound.update(pk for pk in rows.values_list(name, flat=True) if pk in pks)
    return bound
