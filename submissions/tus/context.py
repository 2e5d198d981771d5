"""One request as its handlers see it, and the door to the database."""

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from channels.db import database_sync_to_async

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.errors import Refusal
from submissions.deposits import periods
from submissions.deposits import rules as deposits_rules
from submissions.deposits.rules import DepositPeriod
from submissions.models import Upload
from submissions.transfers import rules as transfers_rules
from submissions.transfers import selectors as transfers_selectors
from submissions.tus.identity import Caller
from submissions.tus.intake import Receive
from submissions.tus.protocol import ProtocolError

# A chunk of 4 MiB takes milliseconds; asking session, person and upload again for each would take
# as long. What becomes of it `services.uploads.conclude` decides, which asks everything anew.
TRUSTED_SECONDS = 5.0
TRUSTED_MAX = 2000
DRAIN_SECONDS = 30.0

# Not the one thread of the pages: sixty transfers ask at once.
_database = ThreadPoolExecutor(4, "uploads-database")


async def in_database[T](function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """Run `function` in a thread that gives its connection back."""
    call = database_sync_to_async(function, thread_sensitive=False, executor=_database)
    return await call(*arguments, **named)


@dataclass
class _Trusted:
    upload: Upload
    window: DepositPeriod
    until: float


_trusted: dict[tuple[str, uuid.UUID], _Trusted] = {}


class Context:
    """Scope, headers, who asks, and which upload it is about (`upload_id`, if any)."""

    upload_id: uuid.UUID

    def __init__(
        self, scope: dict[str, Any], headers: dict[str, str], caller: Caller, receive: Receive
    ) -> None:
        self.scope = scope
        self.headers = headers
        self.caller = caller
        self._receive = receive
        announced = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        self.body_left = announced
        self._waits = headers.get("expect", "").lower() == "100-continue"

    async def receive(self) -> dict[str, Any]:
        """The next piece of the body, also what arrived just before the connection broke."""
        self._waits = False
        message = await self._receive()
        if message["type"] == "http.disconnect":
            message = {**message, "body": _left_behind(self._receive)}
        if not message.get("more_body"):
            self.body_left = False
        return message

    async def drain(self) -> None:
        """Let the rest of the body come and go, for a while.

        A connection closed on somebody who still sends is reset, and the answer is lost with it:
        a page would say « connection lost » where we have said why.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self.body_left and not self._waits:
                    await self.receive()

    @property
    def arrived_at(self) -> datetime:
        """When the first byte of the request reached us."""
        return self.scope.get(clock.ARRIVAL_KEY) or clock.now()

    async def user(self) -> User:
        """Who asks. Raises `ProtocolError` 401."""
        return await in_database(self.caller.user)

    async def upload(self, *, fresh: bool = False) -> Upload:
        """The upload, if its team is the caller's. Raises `ProtocolError` 401, 404, 410.

        Known for some seconds, unless it must be `fresh`.
        """
        upload = (await self._known(fresh=fresh)).upload
        if upload.submission is None and transfers_rules.has_expired(upload, at=self.arrived_at):
            raise ProtocolError(HTTPStatus.GONE, "The upload has expired.", code="expired")
        return upload

    async def refusal(self) -> Refusal | None:
        """Whether bytes of the upload are still taken: what cannot be received need not be sent."""
        for fresh in (False, True):  # a deadline moved a moment ago must not refuse anybody
            known = await self._known(fresh=fresh)
            refusal = deposits_rules.deposit_refusal(
                known.upload.team.edition,
                known.window,
                begun_at=known.upload.begun_at,
                at=self.arrived_at,
            )
            if refusal is None:
                return None
        return refusal

    def remember(self, upload: Upload) -> _Trusted:
        """Know an upload of the caller's for a while; asks the database for its window."""
        until = time.monotonic() + TRUSTED_SECONDS
        if len(_trusted) >= TRUSTED_MAX:
            _trusted.clear()
        known = _Trusted(upload, periods.period_of(upload.team), until)
        _trusted[self.caller.credential, upload.pk] = known
        return known

    def forget(self) -> None:
        """What is known of the upload no longer holds."""
        _trusted.pop((self.caller.credential, self.upload_id), None)

    def not_found(self) -> ProtocolError:
        """For what is not there, and for what is somebody else's."""
        return ProtocolError(HTTPStatus.NOT_FOUND, "There is no such upload.", code="not_found")

    async def _known(self, *, fresh: bool) -> _Trusted:
        key = (self.caller.credential, self.upload_id)
        known = _trusted.get(key)
        if fresh or known is None or known.until < time.monotonic():
            known = await in_database(self._load)
        return known

    def _load(self) -> _Trusted:
        upload = transfers_selectors.get_upload_for(self.caller.user(), self.upload_id)
        if upload is None:
            raise self.not_found()
        return self.remember(upload)


def _left_behind(receive: Receive) -> bytes:
    """What the server has of the body and does not hand over: uvicorn says that the connection is
    broken before it says what had arrived until then. (Another server's `receive` has no `body`.)
    """
    return bytes(getattr(getattr(receive, "__self__", None), "body", b""))
