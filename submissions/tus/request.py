"""One request: who makes it, which upload it is about, its body, and the way to the database."""

import asyncio
import contextlib
import io
import json
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from knox.auth import TokenAuthentication
from rest_framework.authentication import CSRFCheck
from rest_framework.exceptions import AuthenticationFailed

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.errors import Refusal
from hackathon.core.problems import CONTENT_TYPE
from submissions.deposits import periods, rules
from submissions.deposits.rules import DepositPeriod
from submissions.models import Upload
from submissions.transfers import selectors
from submissions.tus import protocol
from submissions.tus.body import Receive
from submissions.tus.protocol import Answer, ProtocolError, Send, not_found

# Session, user and upload are read at most once in so many seconds: a chunk of 4 MiB takes
# milliseconds, and reading them takes as long. `transfers.services.conclude` reads it all again.
TRUSTED_SECONDS = 5.0
TRUSTED_MAX = 2000
DRAIN_SECONDS = 30.0
WITHOUT_CSRF_CHECK = ("HEAD", "OPTIONS")

# Not Django's one thread for synchronous code: sixty transfers ask at once.
_database = ThreadPoolExecutor(4, "uploads-database")
_sessions = import_module(settings.SESSION_ENGINE)


async def in_database[T](function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """Run `function` in a thread that gives its database connection back."""
    call = database_sync_to_async(function, thread_sensitive=False, executor=_database)
    return await call(*arguments, **named)


@dataclass
class _Trusted:
    upload: Upload
    period: DepositPeriod
    until: float  # by the monotonic clock


_trusted: dict[tuple[str, uuid.UUID], _Trusted] = {}


class Request:
    """`upload_id` is set where the request is about one upload."""

    upload_id: uuid.UUID

    def __init__(self, scope: dict[str, Any], receive: Receive) -> None:
        self.headers = {
            k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]
        }
        self.method: str = scope["method"].upper()
        self.path: str = scope["path"]
        # When its first byte reached the server.
        self.arrived_at: datetime = scope.get(clock.ARRIVAL_KEY) or clock.now()
        self._http = ASGIRequest(scope, io.BytesIO())
        self._token = self._http.headers.get("Authorization", "")
        self._cookie = self._http.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        self._receive = receive
        length = self.headers.get("content-length", "0")
        self._body_left = length != "0" or "transfer-encoding" in self.headers
        self._waits = self.headers.get("expect", "").lower() == "100-continue"

    # Who asks

    @property
    def language(self) -> str:
        """As on the pages: French, or the language chosen there."""
        chosen = self._http.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def check_origin(self) -> None:
        """Django's check of CSRF token and origin, if a cookie says who asks. Raises 403."""
        if self._token or not self._cookie or self.method in WITHOUT_CSRF_CHECK:
            return
        check = CSRFCheck(_nothing)
        check.process_request(self._http)
        if check.process_view(self._http, _nothing, (), {}):
            raise ProtocolError(
                HTTPStatus.FORBIDDEN, "CSRF token or origin refused.", code="csrf_failed"
            )

    def user(self) -> User:
        """Blocking: reads the database. Raises `ProtocolError` 401."""
        if self._token:
            return self._by_token()
        if self._cookie:
            request = HttpRequest()
            request.session = _sessions.SessionStore(self._cookie)
            user = get_user(request)
            if isinstance(user, User) and user.is_active:
                return user
        raise _unknown()

    def _by_token(self) -> User:
        prefix, _, token = self._token.partition(" ")
        try:
            if prefix.lower() == "token":
                user, _auth = TokenAuthentication().authenticate_credentials(token.strip().encode())
                return user
        except AuthenticationFailed:
            pass
        raise _unknown()

    # Which upload

    async def upload(self, *, fresh: bool = False) -> Upload:
        """The upload, if its team is the user's; at most `TRUSTED_SECONDS` old unless `fresh`.

        Raises `ProtocolError` 401, 404, 410.
        """
        upload = (await self._known(fresh=fresh)).upload
        if upload.submission is None and rules.has_expired(upload, at=self.arrived_at):
            raise ProtocolError(HTTPStatus.GONE, "The upload has expired.", code="expired")
        return upload

    async def refusal(self) -> Refusal | None:
        """Whether bytes of the upload are still taken: what cannot be received need not be sent."""
        for fresh in (False, True):  # a deadline moved a moment ago must not refuse anybody
            known = await self._known(fresh=fresh)
            refusal = rules.deposit_refusal(
                known.upload.team.edition,
                known.period,
                begun_at=known.upload.begun_at,
                at=self.arrived_at,
            )
            if refusal is None:
                return None
        return refusal

    def remember(self, upload: Upload, period: DepositPeriod) -> _Trusted:
        """Trust these for `TRUSTED_SECONDS` in further requests with the same token or cookie."""
        if len(_trusted) >= TRUSTED_MAX:
            _trusted.clear()
        known = _Trusted(upload, period, time.monotonic() + TRUSTED_SECONDS)
        _trusted[self._token or self._cookie, upload.pk] = known
        return known

    def forget(self) -> None:
        """Read the upload again when it is next asked for."""
        _trusted.pop((self._token or self._cookie, self.upload_id), None)

    async def _known(self, *, fresh: bool) -> _Trusted:
        known = _trusted.get((self._token or self._cookie, self.upload_id))
        if fresh or known is None or known.until < time.monotonic():
            known = await in_database(self._load)
        return known

    def _load(self) -> _Trusted:
        upload = selectors.get_upload_for(self.user(), self.upload_id)
        if upload is None:
            raise not_found()
        return self.remember(upload, periods.period_of(upload.team))

    # Body and answer

    async def receive(self) -> dict[str, Any]:
        """The next piece of the body, also what arrived just before the connection broke."""
        self._waits = False
        message = await self._receive()
        if message["type"] == "http.disconnect":
            message = {**message, "body": _left_behind(self._receive)}
        if not message.get("more_body"):
            self._body_left = False
        return message

    async def respond(self, answer: Answer, send: Send) -> None:
        """Send the answer, then read and drop the rest of the body."""
        body = b"" if answer.problem is None else json.dumps(answer.problem).encode()
        headers = {
            "Tus-Resumable": protocol.VERSION,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **answer.headers,
        }
        if self._body_left:
            # What was not read must not be taken for the next request.
            headers["Connection"] = "close"
        if answer.problem is not None:
            headers["Content-Type"] = CONTENT_TYPE
        if answer.status != HTTPStatus.NO_CONTENT:
            headers["Content-Length"] = str(len(body))
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
            }
        )
        if self.method == "HEAD":
            body = b""
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await self._drain()
        await send({"type": "http.response.body"})

    async def _drain(self) -> None:
        """Read what still comes, for at most `DRAIN_SECONDS`.

        Closing a connection whose client still sends resets it, and the client loses the answer:
        a page would say « connection lost » instead of the reason.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self._body_left and not self._waits:
                    await self.receive()


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _unknown() -> ProtocolError:
    return ProtocolError(
        HTTPStatus.UNAUTHORIZED,
        "Sign in again, or send a valid token.",
        code="not_authenticated",
    )


def _left_behind(receive: Receive) -> bytes:
    """What the server has of the body and does not hand over: uvicorn says that the connection is
    broken before it says what had arrived until then. (Another server's `receive` has no `body`.)
    """
    return bytes(getattr(getattr(receive, "__self__", None), "body", b""))
