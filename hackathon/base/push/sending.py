"""Hands encrypted messages to push services, which belong to the makers of browsers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum, auto

import httpcore

from hackathon.base.core.outbound import CheckedBackend, PrivateAddress, is_public
from hackathon.base.push import vapid
from hackathon.base.push.models import Subscription
from hackathon.base.push.registry import Notification

TIMEOUT = {"connect": 4.0, "read": 8.0, "write": 5.0, "pool": 1.0}
TITLE_CHARS, BODY_CHARS = 100, 300  # of four bytes at most: they fit into one record
# Nothing was sent.
NOT_SENT = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout, OSError)
# It may have arrived, and must not ring twice: what it says is on the page too.
UNKNOWN = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
)
# The address is none, although `rules.subscription_refusal` took it. One device must not keep the
# others of its batch from their messages.
UNUSABLE = (ValueError, TypeError)


class Outcome(Enum):
    SENT = auto()
    GONE = auto()  # the browser has withdrawn its consent, or the address was never one
    LATER = auto()  # try again
    LOST = auto()  # it can't be sent, or perhaps was: don't try again


@contextmanager
def connections() -> Iterator[httpcore.ConnectionPool]:
    # The addresses come from browsers: one may point into the network of this machine.
    backend = CheckedBackend(lambda address: is_public(address))
    with httpcore.ConnectionPool(network_backend=backend, max_connections=4) as pool:
        yield pool


def send(
    notification: Notification,
    device: Subscription,
    pool: httpcore.ConnectionPool,
    *,
    at: datetime,
) -> Outcome:
    extensions = {"timeout": TIMEOUT}
    try:
        body = vapid.encrypt(_payload(notification), p256dh=device.p256dh, auth=device.auth)
        headers: dict[bytes | str, bytes | str] = {
            "Authorization": vapid.authorization(device.endpoint, at=at),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(int((notification.until - at).total_seconds()), 0)),
            "Urgency": "high",
        }
        answer = pool.request(
            "POST", device.endpoint, headers=headers, content=body, extensions=extensions
        )
    except PrivateAddress:
        return Outcome.GONE
    except NOT_SENT:
        return Outcome.LATER
    except (*UNKNOWN, *UNUSABLE):
        return Outcome.LOST
    return _outcome(answer.status)


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.SENT
    # 401 and 403: for a former key of this site. The page makes a new subscription.
    if status in (401, 403, 404, 410):
        return Outcome.GONE
    return Outcome.LATER if status == 429 or status >= 500 else Outcome.LOST


def _payload(notification: Notification) -> bytes:
    payload = {
        "title": notification.title[:TITLE_CHARS],
        "body": notification.body[:BODY_CHARS],
        "tag": notification.key,
        "url": notification.path,
    }
    return json.dumps(payload, ensure_ascii=False).encode()
