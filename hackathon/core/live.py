"""Messages to open pages: written with the change, sent on commit, fetched again after a gap.

The socket's side is in `hub` (fan-out inside a process) and `consumers` (one connection).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import Max, Min, Q

from hackathon.core.formats import iso_utc
from hackathon.core.models import LiveMessage
from hackathon.core.sockets.transport import live_sender

EVERYONE = "everyone"
ORGANIZERS = "organizers"
FORGOTTEN = "message.forgotten"

# Ids are given before commit, so a smaller one may appear after a larger: what was written this
# long before the last seen message is sent again, and clients drop the ids they know.
OVERLAP = timedelta(seconds=10)
# Who missed more than this is better served by their page, made anew.
REPLAYED_AT_MOST = 500


def publish(
    audiences: str | Iterable[str], kind: str, data: dict[str, Any], *, at: datetime, key: str = ""
) -> None:
    """Write a message for one or several audiences and send it once the open transaction commits.

    Must be called inside the transaction of the change it tells of; a rollback silences it.
    `kind`, the message's type, is `noun.past_participle`. Who belongs to several of the audiences
    hears it once. If the channel layer is away the row remains, and the hubs find it there.
    `key`: see `publish_once`.
    """
    names = (audiences,) if isinstance(audiences, str) else tuple(dict.fromkeys(audiences))
    _write(names, kind, data, at=at, key=key)


def publish_once(
    key: str, audiences: str | Iterable[str], kind: str, data: dict[str, Any], *, at: datetime
) -> bool:
    """Publish unless a message with this key was ever written. Whether it was this call.

    A constraint decides: of several processes that try in the same instant one does, the others
    wait for it. The key is remembered as long as messages are kept.
    """
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
    """Whether a message with this key is there."""
    return LiveMessage.objects.filter(key=key).exists()


def forget(kind: str, *, at: datetime, **data: Any) -> None:
    """Take back the messages of this type whose data say all of `data`: who resumes from before
    them is not told. Inside the transaction of what takes their place.

    It is itself a message, which only the processes hear: they keep what was told in memory.
    """
    matching = {f"data__{name}": value for name, value in data.items()}
    found = LiveMessage.objects.filter(type=kind, **matching)
    if pks := list(found.values_list("pk", flat=True)):
        found.filter(pk__in=pks).delete()
        _write((), FORGOTTEN, {"ids": pks}, at=at)


def refresh_rights(user_pk: int) -> None:
    """Tell every process, on commit, to ask again who this user is and what they may hear.

    To be called after the message of the change: who leaves hears that much.
    """
    transaction.on_commit(lambda: live_sender.send({"user": user_pk}))


def refresh_everybodys_rights() -> None:
    """The same for all: the site shows another edition."""
    transaction.on_commit(lambda: live_sender.send({"user": None}))


def event_of(message: LiveMessage) -> dict[str, Any]:
    """The message as processes tell it to each other: encoded once, however many pages are open."""
    forgets = message.data["ids"] if message.type == FORGOTTEN else ()
    return {
        "id": message.pk,
        "audiences": message.heard_by,
        "text": encode(message),
        "forgets": forgets,
    }


def encode(message: LiveMessage) -> str:
    """The message as it goes over the socket."""
    return json.dumps(as_dict(message), ensure_ascii=False, separators=(",", ":"))


def as_dict(message: LiveMessage) -> dict[str, Any]:
    """`{id, type, at, data}`; `at` is ISO 8601 in UTC."""
    return {
        "id": message.pk,
        "type": message.type,
        "at": iso_utc(message.at),
        "data": message.data,
    }


def last_id() -> int:
    """The id of the newest message, 0 if none: what a page made now resumes from."""
    return LiveMessage.objects.aggregate(last=Max("id"))["last"] or 0


@dataclass(frozen=True)
class Missed:
    """What somebody was told while they were not there, oldest first. `complete` is false where
    more was said than this: their page is to be fetched again.
    """

    messages: list[LiveMessage]
    complete: bool


def missed(audiences: Iterable[str], *, after: int) -> Missed:
    """What these audiences were told since message `after`, with the overlap. Two queries, or three
    where that message is not kept any more.
    """
    newer = Q(id__gt=after)
    seen = LiveMessage.objects.filter(id=after).values_list("written_at", flat=True).first()
    if seen is not None:
        newer |= Q(written_at__gt=seen - OVERLAP)
    found = LiveMessage.objects.filter(newer).to(audiences).order_by("-id")[: REPLAYED_AT_MOST + 1]
    messages = list(found)[:REPLAYED_AT_MOST][::-1]
    kept = seen is not None or _is_kept(after)
    return Missed(messages, complete=kept and len(found) <= REPLAYED_AT_MOST)


def newest(limit: int) -> list[LiveMessage]:
    """The newest messages of all, oldest first."""
    return list(LiveMessage.objects.order_by("-id")[:limit])[::-1]


def written_since(instant: datetime | None) -> dict[int, datetime]:
    """The ids of what was written after `instant` (None: all there is), each with its own instant.

    The database's clock and not ours, and no contents: it is asked every second.
    """
    found = LiveMessage.objects.all()
    if instant is not None:
        found = found.filter(written_at__gt=instant)
    return dict(found.values_list("id", "written_at"))


def _write(
    audiences: tuple[str, ...], kind: str, data: dict[str, Any], *, at: datetime, key: str = ""
) -> None:
    data = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    message = LiveMessage.objects.create(
        audiences=LiveMessage.spelt(audiences), type=kind, at=at, data=data, key=key
    )
    event = event_of(message)
    transaction.on_commit(lambda: live_sender.send(event))


def _is_kept(after: int) -> bool:
    """Whether all that was said after message `after`, which is not there itself, still is."""
    kept = LiveMessage.objects.aggregate(oldest=Min("id"), newest=Max("id"))
    if kept["oldest"] is None:
        return after == 0  # the newest is never forgotten: nothing was ever said
    return kept["oldest"] - 1 <= after <= kept["newest"]
