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
from functools import cached_property
from http import HTTPStatus
from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import CSRFCheck
from rest_framework.exceptions import AuthenticationFailed

from hackathon.base.accounts.models import User
from hackathon.base.accounts.second_factor import with_session
from hackathon.base.accounts.socket_authentication import only_key
from hackathon.base.accounts.tokens.authentication import authenticated, token_of
from hackathon.base.core import clock
from hackathon.base.core.errors import Refusal
from hackathon.base.core.problems import CONTENT_TYPE
from hackathon.base.core.scopes import MissingScope, Scope, check_scope
from submissions.models import Upload, deposits_storage
from submissions.transfers import selectors
from submissions.tus import protocol
from submissions.tus.body import Receive
from submissions.tus.protocol import Answer, ProtocolError, Send, not_found
from submissions.versions import rules
from submissions.versions.facts import announced_at_of
from submissions.versions.rules import DepositPeriod
from submissions.versions.selectors import period_of

# User, upload and period are cached for so many seconds: reading them takes as long as a chunk of
# 4 MiB. `deposits.services.conclude` reads them again.
CACHE_SECONDS = 5.0
CACHE_MAX = 2000
DRAIN_SECONDS = 30.0
WITHOUT_CSRF_CHECK = ("HEAD", "OPTIONS")

# Django runs synchronous code in one thread, which is too few for sixty transfers. The calls mostly
# compute, so more threads would slow each other down. With a remote storage they also wait for it.
_database = ThreadPoolExecutor(4 if deposits_storage().is_remote else 2, "uploads-database")
# Concluding may wait for another machine (`submissions.hand_ins`), and keeps no others waiting.
_concluding = ThreadPoolExecutor(4, "uploads-conclude") if settings.SERVER_NAME else _database
_sessions = import_module(settings.SESSION_ENGINE)


async def in_database[T](function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    call = database_sync_to_async(function, thread_sensitive=False, executor=_database)
    return await call(*arguments, **named)


async def concluding[T](function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    call = database_sync_to_async(function, thread_sensitive=False, executor=_concluding)
    return await call(*arguments, **named)


@dataclass
class _Cached:
    upload: Upload
    user_pk: int
    period: DepositPeriod
    until: float  # by the monotonic clock


# By credential: what one session may do says nothing about another one of the same person.
_cache: dict[tuple[str, uuid.UUID], _Cached] = {}


class Request:
    """`upload_id` is set if the request is about one upload."""

    upload_id: uuid.UUID

    def __init__(self, scope: dict[str, Any], receive: Receive) -> None:
        self.headers = {
            k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]
        }
        self.method: str = scope["method"].upper()
        self.path: str = scope["path"]
        # When the first byte of the request reached the server.
        self.arrived_at: datetime = scope.get(clock.ARRIVAL_KEY) or clock.now()
        self.request_id = self.headers.get("x-request-id", "") or uuid.uuid4().hex
        # For the log: person, team and upload, as far as they are known.
        self.ids: dict[str, Any] = {}
        self._http = ASGIRequest(scope, io.BytesIO())
        self._token = self._http.headers.get("Authorization", "")
        self._receive = receive
        length = self.headers.get("content-length", "0")
        self._body_left = length != "0" or "transfer-encoding" in self.headers
        self._waits = self.headers.get("expect", "").lower() == "100-continue"

    # The user

    @property
    def language(self) -> str:
        chosen = self._http.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    @cached_property
    def _cookie(self) -> str:
        return only_key(self._http.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))

    def check_origin(self) -> None:
        """For requests with a session cookie. Raises `ProtocolError` 403."""
        if self._token or not self._cookie or self.method in WITHOUT_CSRF_CHECK:
            return
        check = CSRFCheck(_no_view)
        check.process_request(self._http)
        if check.process_view(self._http, _no_view, (), {}):
            raise ProtocolError(
                HTTPStatus.FORBIDDEN, "CSRF token or origin refused.", code="csrf_failed"
            )

    def user(self) -> User:
        """Blocks. Raises `ProtocolError` 401, 403."""
        user = self._by_token() if self._token else self._by_session()
        self.ids["user"] = user.pk
        return user

    async def name_user(self) -> None:
        """For the log: a refusal that did not need to know the user."""
        if "user" not in self.ids and (self._token or self._cookie):
            with contextlib.suppress(ProtocolError, DatabaseError):
                await in_database(self.user)

    def _by_session(self) -> User:
        if self._cookie:
            request = HttpRequest()
            request.session = _sessions.SessionStore(self._cookie)
            user = get_user(request)
            if isinstance(user, User) and user.is_active:
                return with_session(user, request.session)
        raise _not_authenticated()

    def _by_token(self) -> User:
        try:
            if (token := token_of(self._token.encode("latin-1"))) is not None:
                valid = authenticated(token, at=clock.now())
                self.ids |= {"user": valid.user_id, "token": valid.pk}
                check_scope(valid, Scope.HAND_IN)
                return valid.user
        except MissingScope as error:
            raise ProtocolError(
                HTTPStatus.FORBIDDEN, str(error.detail), code=error.default_code
            ) from error
        except AuthenticationFailed:
            pass
        raise _not_authenticated()

    # The upload

    async def upload(self, *, fresh: bool = False) -> Upload:
        """At most `CACHE_SECONDS` old unless `fresh`. Raises `ProtocolError` 401, 404, 410."""
        self.ids["upload"] = self.upload_id.hex
        cached = await self._cached(fresh=fresh)
        upload = cached.upload
        self.ids |= {"user": cached.user_pk, "team": upload.team_id}
        if upload.submission is None and self.arrived_at > upload.expires_at:
            raise ProtocolError(HTTPStatus.GONE, "The upload has expired.", code="expired")
        return upload

    async def refusal(self) -> Refusal | None:
        """Whether the upload could be received if its last byte came now."""
        for fresh in (False, True):  # a refusal must not come from a cached deadline
            cached = await self._cached(fresh=fresh)
            refusal = rules.deposit_refusal(
                cached.upload.team.edition,
                cached.period,
                begun_at=cached.upload.begun_at,
                at=self.arrived_at,
            )
            if refusal is None:
                return None
        return await in_database(self._refusal_unless_announced, cached)

    def _refusal_unless_announced(self, cached: "_Cached") -> Refusal | None:
        """Blocks."""
        upload = cached.upload
        return rules.deposit_refusal(
            upload.team.edition,
            cached.period,
            begun_at=upload.begun_at,
            at=self.arrived_at,
            announced_at=announced_at_of(upload),
        )

    def remember(self, upload: Upload) -> _Cached:
        """For the next requests about the upload. Blocks."""
        if len(_cache) >= CACHE_MAX:
            _cache.clear()
        until = time.monotonic() + CACHE_SECONDS
        cached = _Cached(
            upload, self.ids["user"], period_of(upload.team, upload.deliverable), until
        )
        _cache[self._token or self._cookie, upload.pk] = cached
        return cached

    def forget(self) -> None:
        _cache.pop((self._token or self._cookie, self.upload_id), None)

    async def _cached(self, *, fresh: bool) -> _Cached:
        cached = _cache.get((self._token or self._cookie, self.upload_id))
        if fresh or cached is None or cached.until < time.monotonic():
            cached = await in_database(self._load)
        return cached

    def _load(self) -> _Cached:
        upload = selectors.get_upload_for(self.user(), self.upload_id)
        if upload is None:
            raise not_found()
        return self.remember(upload)

    # Body and answer

    async def receive(self) -> dict[str, Any]:
        """`http.disconnect` gets the bytes that came before it as body."""
        self._waits = False
        message = await self._receive()
        if message["type"] == "http.disconnect":
            message = {**message, "body": _unread_bytes(self._receive)}
        if not message.get("more_body"):
            self._body_left = False
        return message

    async def respond(self, answer: Answer, send: Send) -> None:
        body = b"" if answer.problem is None else json.dumps(answer.problem).encode()
        headers = {
            "Tus-Resumable": protocol.VERSION,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            **answer.headers,
        }
        if self._body_left:
            # The rest of the body must not be read as the next request.
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
        # Closing a connection while the client sends resets it: the answer would be lost.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self._body_left and not self._waits:
                    await self.receive()


def _no_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _not_authenticated() -> ProtocolError:
    return ProtocolError(
        HTTPStatus.UNAUTHORIZED,
        "Sign in again, or send a valid token.",
        code="not_authenticated",
    )


def _unread_bytes(receive: Receive) -> bytes:
    """What uvicorn has received and not passed on: it sends `http.disconnect` first."""
    return bytes(getattr(getattr(receive, "__self__", None), "body", b""))
