"""Messages to open pages: written with the change, sent on commit, fetched again after a gap.

The socket's side is in `hub` (fan-out inside a process) and `consumers` (one connection).
"""

import asyncio
import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max, Q
from redis.exceptions import RedisError

from hackathon.core.hub import GROUP, hub
from hackathon.core.models import LiveMessage

logger = logging.getLogger(__name__)

EVERYONE = "everyone"
ORGANIZERS = "organizers"

# Ids are given before commit, so a smaller one may appear after a larger: what was written this
# long before the last seen message is sent again, and clients drop the ids they know.
OVERLAP = timedelta(seconds=10)


def department_audience(pk: int) -> str:
    """Everyone of a department: its students and its jury."""
    return f"department:{pk}"


def team_audience(pk: int) -> str:
    """The members of one team."""
    return f"team:{pk}"


def jury_audience(department_pk: int) -> str:
    """The jurors of one department."""
    return f"jury:{department_pk}"


def publish(audience: str, kind: str, data: dict[str, Any], *, at: datetime) -> None:
    """Write a message for `audience` and send it once the open transaction has committed.

    Must be called inside the transaction of the change it tells of; a rollback silences it.
    `kind`, the message's type, is `noun.past_participle`. If the channel layer is away the row
    remains, and pages that resume or poll read it there.
    """
    data = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    message = LiveMessage.objects.create(audience=audience, type=kind, at=at, data=data)
    text = encode(message)
    transaction.on_commit(lambda: _send({"audience": audience, "text": text}))


def forget(kind: str, **data: Any) -> None:
    """Take back messages of this type whose data say all of `data`: whoever resumes from before
    them is not told. Inside the transaction of what takes their place.
    """
    matching = {f"data__{name}": value for name, value in data.items()}
    LiveMessage.objects.filter(type=kind, **matching).delete()


def refresh_rights(user_pk: int) -> None:
    """Tell every process, on commit, to ask again what this user may hear."""
    transaction.on_commit(lambda: _send({"user": user_pk}))


def encode(message: LiveMessage) -> str:
    """The message as it goes over the socket, encoded once however many pages are open."""
    return json.dumps(as_dict(message), ensure_ascii=False, separators=(",", ":"))


def as_dict(message: LiveMessage) -> dict[str, Any]:
    """`{id, type, at, data}`; `at` is ISO 8601 in UTC."""
    return {
        "id": message.pk,
        "type": message.type,
        "at": message.at.isoformat(),
        "data": message.data,
    }


def last_id() -> int:
    """The id of the newest message, 0 if none: what a page made now resumes from."""
    return LiveMessage.objects.aggregate(last=Max("id"))["last"] or 0


def missed(audiences: Iterable[str], *, after: int, limit: int = 500) -> list[LiveMessage]:
    """What these audiences were told since message `after`, oldest first, with the overlap.

    At most the newest `limit`: a page that missed more is refreshed by any of them.
    """
    newer = Q(id__gt=after)
    seen = LiveMessage.objects.filter(id=after).values_list("at", flat=True).first()
    if seen is not None:
        newer |= Q(at__gt=seen - OVERLAP)
    found = LiveMessage.objects.filter(newer, audience__in=list(audiences)).order_by("-id")
    return list(found[:limit])[::-1]


def _send(event: dict[str, Any]) -> None:
    """Hand an event to every web process. Late is allowed, failing the caller is not."""
    layer = get_channel_layer()
    assert layer is not None
    event = {"type": "live", **event}
    if hub.loop is not None and hub.loop.is_running():
        # Never waited for: the request that made the change answers at once.
        sending = asyncio.run_coroutine_threadsafe(layer.group_send(GROUP, event), hub.loop)
        sending.add_done_callback(_log_failure)
        return
    try:
        async_to_sync(layer.group_send)(GROUP, event)
    except (RedisError, OSError) as error:
        logger.warning("Live layer unreachable, pages will catch up by polling: %s", error)


def _log_failure(future: Any) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        logger.warning("Live layer unreachable, pages will catch up by polling: %s", error)
