"""Live messages to open pages (`docs/live.md`). `hub` and `connection` send them."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Min, Q

from hackathon.base.core.formats import iso_utc
from hackathon.base.core.models import LiveMessage
from hackathon.base.live.transport import live_sender

DELETED = "message.deleted"

# Ids are given before the commit, so a smaller id may appear after a larger one: messages written
# this long before the last seen one are sent again. Clients ignore ids that they know.
OVERLAP = timedelta(seconds=10)
# Both of one snapshot: xmin is the oldest transaction in progress, xmax the next one to begin.
NEWEST_AND_SETTLED = """
    SELECT (SELECT coalesce(max(id), 0) FROM core_livemessage),
        pg_snapshot_xmin(s) = pg_snapshot_xmax(s)
    FROM pg_current_snapshot() s
"""
# A client that missed more messages loads its page again.
MAX_REPLAYED = 500


def publish(
    audiences: str | Iterable[str], kind: str, data: dict[str, Any], *, at: datetime, key: str = ""
) -> None:
    """Writes a message now and sends it on commit. `kind` is `noun.past_participle`; parts of pages
    name the nouns that they show (`docs/live.md`).
    """
    names = (audiences,) if isinstance(audiences, str) else tuple(dict.fromkeys(audiences))
    _write(names, kind, data, at=at, key=key)


def publish_once(
    key: str, audiences: str | Iterable[str], kind: str, data: dict[str, Any], *, at: datetime
) -> bool:
    """Returns whether this call published it. The key is kept as long as the message."""
    if was_published(key):
        return False
    try:
        with transaction.atomic():
            publish(audiences, kind, data, at=at, key=key)
    except IntegrityError:
        if not was_published(key):
            raise
        return False
    return True


def was_published(key: str) -> bool:
    return LiveMessage.objects.filter(key=key).exists()


def delete(kind: str, *, at: datetime, **data: Any) -> None:
    """Deletes messages that have all of `data`, also from the buffer of each process."""
    matching = {f"data__{name}": value for name, value in data.items()}
    rows = LiveMessage.objects.filter(type=kind, **matching)
    if pks := list(rows.values_list("pk", flat=True)):
        rows.filter(pk__in=pks).delete()
        _write((), DELETED, {"ids": pks}, at=at)


def refresh_rights(user_pk: int) -> None:
    """Call it after `publish`, so that a user who loses access still gets that message."""
    transaction.on_commit(lambda: live_sender.send({"user": user_pk}))


def refresh_all_rights() -> None:
    transaction.on_commit(lambda: live_sender.send({"user": None}))


def event_of(message: LiveMessage) -> dict[str, Any]:
    """The message as processes send it to each other; `text` is what goes over the sockets."""
    return {
        "id": message.pk,
        "type": message.type,
        "audiences": message.audience_names,
        "text": json.dumps(as_dict(message), ensure_ascii=False, separators=(",", ":")),
        "deletes": message.data.get("ids", ()) if message.type == DELETED else (),
    }


def as_dict(message: LiveMessage) -> dict[str, Any]:
    return {
        "id": message.pk,
        "type": message.type,
        "at": iso_utc(message.at),
        "data": message.data,
    }


def last_id() -> int:
    """0 if there is none."""
    return last_id_and_whether_settled()[0]


def last_id_and_whether_settled() -> tuple[int, bool]:
    """Settled: no transaction is in progress that could still commit a message with a smaller id.

    One query.
    """
    if connection.vendor != "postgresql":  # SQLite has one writer at a time
        return LiveMessage.objects.aggregate(last=Max("id"))["last"] or 0, True
    with connection.cursor() as cursor:
        cursor.execute(NEWEST_AND_SETTLED)
        last, is_settled = cursor.fetchone()
    return last, is_settled


@dataclass(frozen=True)
class Missed:
    """Oldest first. If not `complete`, the client must load its page again."""

    messages: list[LiveMessage]
    complete: bool


def missed(audiences: Iterable[str], *, after: int) -> Missed:
    """Begins `OVERLAP` before message `after`. Two queries; three if that was deleted."""
    newer = Q(id__gt=after)
    seen = LiveMessage.objects.filter(id=after).values_list("written_at", flat=True).first()
    if seen is not None:
        newer |= Q(written_at__gt=seen - OVERLAP)
    newest_first = (
        LiveMessage.objects.filter(newer)
        .for_audiences(audiences)
        .order_by("-id")[: MAX_REPLAYED + 1]
    )
    messages = list(newest_first)[:MAX_REPLAYED][::-1]
    is_whole = seen is not None or _is_kept(after)
    return Missed(messages, complete=is_whole and len(newest_first) <= MAX_REPLAYED)


def newest(limit: int) -> list[LiveMessage]:
    return list(LiveMessage.objects.order_by("-id")[:limit])[::-1]


def written_since(instant: datetime | None) -> dict[int, datetime]:
    """`written_at` by id. Each process with sockets calls it every second."""
    messages = LiveMessage.objects.all()
    if instant is not None:
        messages = messages.filter(written_at__gt=instant)
    return dict(messages.values_list("id", "written_at"))


def _write(
    audiences: tuple[str, ...], kind: str, data: dict[str, Any], *, at: datetime, key: str = ""
) -> None:
    data = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    message = LiveMessage.objects.create(
        audiences=LiveMessage.join(audiences), type=kind, at=at, data=data, key=key
    )
    event = event_of(message)
    transaction.on_commit(lambda: live_sender.send({**event, "committed": time.time()}))


def _is_kept(after: int) -> bool:
    """For a deleted message `after`: whether all newer messages are still there."""
    ids = LiveMessage.objects.aggregate(oldest=Min("id"), newest=Max("id"))
    if ids["oldest"] is None:
        return after == 0  # the newest is never deleted, so there never was any
    return ids["oldest"] - 1 <= after <= ids["newest"]
