"""Large request bodies are refused before they are read, stored or parsed. Only signed-in people
may send them, as forms with files, and only if `CCD_DISK_RESERVE` stays free. No other limit of
the length of a request is in the program; `/uploads/` has rules of its own.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from hackathon.base.accounts.socket_authentication import authenticate
from hackathon.base.core import clock, logs, request_lines
from hackathon.base.core.disk import free
from hackathon.base.core.failures import is_disk_full
from hackathon.base.core.problems import CONTENT_TYPE, PREFIX

type Headers = list[tuple[bytes, bytes]]

# Of a WSGI request, what is needed to know who sent it, and what.
HEADERS = (
    ("HTTP_COOKIE", b"cookie"),
    ("HTTP_AUTHORIZATION", b"authorization"),
    ("CONTENT_TYPE", b"content-type"),
    ("HTTP_X_REQUEST_ID", b"x-request-id"),
)
CODES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.INSUFFICIENT_STORAGE: "storage_full",
}

# Django itself refuses more than this without a file.
SMALL = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
# Pages that receive a deposit. Their bodies may arrive slowly, and are not read for strangers.
DEPOSITS = re.compile(r"/rendu/\d+/|/organisation/equipes/\d+/depot/|/api/v1/submissions/")
OF_ORGANIZERS = re.compile(r"/organisation/")
DRAIN_SECONDS = 15.0
ORGANIZERS_MAX = 1_000_000_000  # several attachments of a brief


def max_bytes(path: str, headers: Headers, *, signed_in: bool) -> int:
    has_files = dict(headers).get(b"content-type", b"").startswith(b"multipart/form-data")
    if not (signed_in and has_files):
        return SMALL
    if DEPOSITS.fullmatch(path):
        return settings.UPLOAD_MAX_BYTES
    return min(ORGANIZERS_MAX, settings.UPLOAD_MAX_BYTES) if OF_ORGANIZERS.match(path) else SMALL


def refusal(path: str, headers: Headers, length: int) -> HTTPStatus | None:
    """One or two queries for large bodies, none for others."""
    if length <= SMALL:
        return None
    caller = authenticate([headers], at=clock.now())[0]
    if length > max_bytes(path, headers, signed_in=caller.user is not None):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if free(settings.FILE_UPLOAD_TEMP_DIR) - length < settings.DISK_RESERVE:
        return HTTPStatus.INSUFFICIENT_STORAGE
    return None


@dataclass(frozen=True)
class _Sent:
    """A request, as far as it is known without Django."""

    method: str
    path: str
    headers: Headers
    length: int | None

    @property
    def request_id(self) -> str:
        return dict(self.headers).get(b"x-request-id", b"").decode("latin-1")

    def note(self, status: int, code: str, **details: Any) -> str:
        """For `manage.py trace`: Django has not seen it. Returns its id. At most two queries."""
        request_id = request_lines.begin(self.request_id)
        with contextlib.suppress(DatabaseError):
            if (user := authenticate([self.headers], at=clock.now())[0].user) is not None:
                logs.bind(user=user.pk)
        route = request_lines.route_at(self.path)
        request_lines.note(self.method, route, status, code=code, length=self.length, **details)
        return request_id


def limit_asgi(app: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def limited(scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = list(scope["headers"])
        length = _number(dict(headers).get(b"content-length", b"").decode("latin-1"))
        sent = _Sent(scope["method"], scope["path"], headers, length)
        read = _watched(sent, receive)
        status = None
        if length is None:
            # Its length is known at its end only.
            if not await _is_too_long(app, scope, read, send):
                return
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        elif length > SMALL:
            status = await database_sync_to_async(refusal)(sent.path, headers, length)
        if status is None:
            try:
                await app(scope, read, send)
                return
            except OSError as error:  # before any view: Django writes the body to the disk
                if not is_disk_full(error):
                    raise
                status = HTTPStatus.INSUFFICIENT_STORAGE
        request_id = await database_sync_to_async(sent.note)(int(status), CODES[status])
        kind, body = _answer(sent.path, status, headers)
        answer = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            (b"x-request-id", request_id.encode()),
        ]
        await send({"type": "http.response.start", "status": int(status), "headers": answer})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        # Closing a connection while the client sends resets it: the answer would be lost.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while (await receive()).get("more_body"):
                    pass
        await send({"type": "http.response.body"})

    return limited


def limit_wsgi(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    def limited(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        headers = [
            (name, environ[key].encode("latin-1")) for key, name in HEADERS if key in environ
        ]
        length = _number(environ.get("CONTENT_LENGTH", ""))
        path = environ.get("PATH_INFO", "")
        status = refusal(path, headers, length or 0)
        if status is None:
            return app(environ, start_response)
        sent = _Sent(environ.get("REQUEST_METHOD", ""), path, headers, length)
        request_id = sent.note(int(status), CODES[status])
        kind, body = _answer(path, status, headers)
        answer = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("X-Request-ID", request_id),
        ]
        start_response(f"{int(status)} {status.phrase}", answer)
        return [body]

    return limited


def _watched(sent: _Sent, receive: Any) -> Callable[[], Awaitable[dict[str, Any]]]:
    """A body that breaks off reaches no view."""
    arrived, whole = 0, sent.method in ("GET", "HEAD")

    async def watched() -> dict[str, Any]:
        nonlocal arrived, whole
        message: dict[str, Any] = await receive()
        arrived += len(message.get("body", b""))
        if message["type"] == "http.disconnect" and not whole:
            note = database_sync_to_async(sent.note)
            await note(request_lines.CLIENT_GONE, "disconnected", received=arrived)
        whole = whole or not message.get("more_body")
        return message

    return watched


async def _is_too_long(app: Callable[..., Awaitable[None]], scope: Any, *wires: Any) -> bool:
    """Runs the application. True if it has answered nothing, because the body was too long."""
    receive, send = wires
    left, answered = SMALL, False

    async def read() -> dict[str, Any]:
        nonlocal left
        message: dict[str, Any] = await receive()
        left -= len(message.get("body", b""))
        # As if the client had disconnected: Django stops reading.
        return {"type": "http.disconnect"} if left < 0 else message

    async def write(message: dict[str, Any]) -> None:
        nonlocal answered
        answered = True
        await send(message)

    await app(scope, read, write)
    return left < 0 and not answered


def _number(value: str) -> int | None:
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def _answer(path: str, status: HTTPStatus, headers: Headers) -> tuple[str, bytes]:
    with translation.override(_language(headers)):
        if status == HTTPStatus.INSUFFICIENT_STORAGE:
            detail = _(
                "Le serveur n’a plus assez de place pour ce fichier. Gardez votre fichier,"
                " prévenez l’organisation et réessayez dans quelques minutes."
            )
        else:
            detail = _(
                "C’est trop gros pour cette page. Reconnectez-vous si votre session est finie,"
                " puis envoyez de nouveau."
            )
    if path.startswith(PREFIX):
        code = CODES[status]
        problem = {"type": "about:blank", "status": int(status), "code": code, "detail": detail}
        return CONTENT_TYPE, json.dumps(problem).encode()
    return "text/plain; charset=utf-8", detail.encode()


def _language(headers: Headers) -> str:
    cookie = dict(headers).get(b"cookie", b"").decode("latin-1")
    match = re.search(rf"\b{settings.LANGUAGE_COOKIE_NAME}=(\w+)", cookie)
    chosen = match[1] if match else ""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
