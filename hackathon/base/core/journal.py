from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models, transaction

from hackathon.base.core.acts import registry
from hackathon.base.core.models import JournalEntry, JournalRelease

# Who reads a page of marks again within this time is not recorded again.
VIEW_PAUSE = timedelta(minutes=10)
STEPS = 3  # foreign keys from a target to its edition, at most


def record(act: str, target: models.Model, *, by: Any, at: datetime, **detail: Any) -> None:
    """Call it in the transaction of the change. `act` is `noun.past_participle` of the registry of
    acts (`KeyError`); `by=None` is the program. `detail` must not contain marks, briefs or
    health data: readers of the journal may not see them.
    """
    if act not in registry.acts:
        raise KeyError(act)
    JournalEntry.objects.create(
        act=act,
        target=_name(target),
        by=by,
        at=at,
        detail=detail,
        edition_pk=_pk("editions.edition", target, detail.get("edition")),
        department_pk=_pk("editions.department", target, detail.get("department")),
        team_pk=_pk("teams.team", target, detail.get("team")),
        person_pk=_pk(settings.AUTH_USER_MODEL.lower(), target, detail.get("user")),
    )


@contextmanager
def released() -> Iterator[None]:
    """Inside, entries may be changed, to remove personal data. By no other transaction."""
    with transaction.atomic():
        release = JournalRelease.objects.create()
        yield
        release.delete()


def record_view(act: str, target: models.Model, *, by: Any, at: datetime) -> None:
    """Once per person and target within `VIEW_PAUSE`."""
    seen = JournalEntry.objects.filter(act=act, target=_name(target), by=by)
    if not seen.filter(at__gt=at - VIEW_PAUSE).exists():
        record(act, target, by=by, at=at)


def was_recorded(act: str, target: models.Model, *, since: datetime) -> bool:
    return recorded(act, target, since=since) > 0


def recorded(act: str, target: models.Model, *, since: datetime) -> int:
    """How often. One query."""
    return JournalEntry.objects.filter(act=act, target=_name(target), at__gt=since).count()


def recorded_by(person: models.Model, act: str, *, since: datetime) -> int:
    """How often. One query."""
    return JournalEntry.objects.filter(act=act, by=person.pk, at__gt=since).count()


def changes(before: Mapping[str, Any], after: models.Model) -> dict[str, list[Any]]:
    """The changed fields among those of `before`, each with the old and the new value."""
    pairs = ((name, value, getattr(after, name)) for name, value in before.items())
    return {name: [_plain(old), _plain(new)] for name, old, new in pairs if old != new}


def state(instance: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(instance, name) for name in fields}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _name(target: models.Model) -> str:
    return f"{target._meta.label_lower}:{target.pk}"


def _pk(wanted: str, target: models.Model, known: Any) -> int | None:
    """The primary key of the object of that model to which the target belongs."""
    if isinstance(known, int):
        return known
    if target._meta.label_lower == wanted:
        return int(target.pk)
    for path in _paths(target._meta.model, wanted):
        value: Any = target
        for name in path:
            value = getattr(value, name, None)
        if value is not None:
            return int(value)
    return None


@lru_cache(maxsize=1024)
def _paths(model: type[models.Model], wanted: str) -> list[tuple[str, ...]]:
    """Attributes from the model to the key of `wanted`, the shortest path first.

    Of the people only `user`: who did something with the target is no part of what it is.
    """
    return sorted(_walked(model, wanted, STEPS), key=len)


def _walked(model: type[models.Model], wanted: str, steps: int) -> Iterator[tuple[str, ...]]:
    for field in model._meta.concrete_fields:
        remote: Any = field.related_model
        if remote is None or remote == "self" or not steps:
            continue
        label = remote._meta.label_lower
        if label == wanted and (label != settings.AUTH_USER_MODEL.lower() or field.name == "user"):
            yield (field.attname,)
        elif label != settings.AUTH_USER_MODEL.lower():
            yield from ((field.name, *rest) for rest in _walked(remote, wanted, steps - 1))
