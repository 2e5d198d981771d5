"""The carrier: one request of tus in, one answer out."""

import re
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings

from submissions.tus import answers, creation, protocol, transfer
from submissions.tus.answers import Answer, Send
from submissions.tus.context import Context
from submissions.tus.identity import Caller
from submissions.tus.intake import Receive
from submissions.tus.protocol import ProtocolError

_ADDRESS = re.compile(r"/uploads/(?:([0-9a-f]{32})/?)?")

_ON_ALL: dict[str, Callable[[Context], Awaitable[Answer]]] = {"POST": creation.create}
_ON_ONE: dict[str, Callable[[Context], Awaitable[Answer]]] = {
    "HEAD": transfer.head,
    "PATCH": transfer.patch,
    "DELETE": transfer.delete,
}


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer one HTTP request below `/uploads/`."""
    headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
    method = headers.get("x-http-method-override", scope["method"]).upper()
    caller = Caller(scope, method)
    context = Context(scope, headers, caller, receive)
    try:
        answer = await _answer(method, context)
    except answers.FAILURES as error:
        answer = answers.failure(error, caller.language)
    await answer.send(send, context)


async def _answer(method: str, context: Context) -> Answer:
    found = _ADDRESS.fullmatch(context.scope["path"])
    if found is None:
        raise context.not_found()
    handlers = _ON_ONE if found[1] else _ON_ALL
    if method == "OPTIONS":
        return _options()
    if context.headers.get("tus-resumable") != protocol.VERSION:
        detail = f"Tus-Resumable must be {protocol.VERSION}."
        raise ProtocolError(HTTPStatus.PRECONDITION_FAILED, detail, code="unsupported_version")
    if (handler := handlers.get(method)) is None:
        answer = answers.wrong(ProtocolError(HTTPStatus.METHOD_NOT_ALLOWED, f"No {method} here."))
        answer.headers["Allow"] = ", ".join(["OPTIONS", *handlers])
        return answer
    context.caller.check_origin()
    if found[1]:
        context.upload_id = uuid.UUID(found[1])
    return await handler(context)


def _options() -> Answer:
    return Answer(
        HTTPStatus.NO_CONTENT,
        {
            "Tus-Version": protocol.VERSION,
            "Tus-Extension": protocol.EXTENSIONS,
            "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
            "Tus-Checksum-Algorithm": ",".join(protocol.ALGORITHMS),
        },
    )
