"""What goes back: always with `Tus-Resumable`, refusals with their reason (RFC 9457)."""

import errno
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.db import Error as DatabaseError
from django.utils import translation
from django.utils.http import http_date

from hackathon.core.errors import Refused
from hackathon.core.problems import CONTENT_TYPE
from submissions.errors import DepositRefusal
from submissions.models import Submission, Upload
from submissions.transfers.partial import Busy, Gone
from submissions.tus import protocol
from submissions.tus.context import Context
from submissions.tus.protocol import ProtocolError

logger = logging.getLogger(__name__)
Send = Callable[[dict[str, Any]], Awaitable[None]]

# Not 409: that is the protocol's word for another offset, which clients try again by themselves.
REFUSAL_STATUS = {
    DepositRefusal.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    DepositRefusal.STORAGE_FULL: HTTPStatus.INSUFFICIENT_STORAGE,
    DepositRefusal.TOO_MANY_UPLOADS: HTTPStatus.TOO_MANY_REQUESTS,
    DepositRefusal.NOT_MEMBER: HTTPStatus.NOT_FOUND,
}
# EFBIG: the file system, or a limit of the process, takes no longer files.
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass
class Answer:
    """Status, headers and, for a refusal, the document that explains it."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    problem: dict[str, Any] | None = None

    async def send(self, send: Send, context: Context) -> None:
        """To whoever asked; then what they still send is let go by."""
        body = b"" if self.problem is None else json.dumps(self.problem).encode()
        headers = {
            "Tus-Resumable": protocol.VERSION,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **self.headers,
        }
        if context.body_left:
            # What was not read must not be taken for the next request.
            headers["Connection"] = "close"
        if self.problem is not None:
            headers["Content-Type"] = CONTENT_TYPE
        if self.status != HTTPStatus.NO_CONTENT:
            headers["Content-Length"] = str(len(body))
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
            }
        )
        if context.scope["method"] == "HEAD":
            body = b""
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await context.drain()
        await send({"type": "http.response.body"})


# What may go wrong with a request; `failure` has the answer to each.
FAILURES = (ProtocolError, Refused, Busy, Gone, DatabaseError, OSError)


def failure(error: Exception, language: str) -> Answer:
    """A refusal in the caller's language; what is wrong with a request in English, for whoever
    writes a client.
    """
    match error:
        case ProtocolError():
            return wrong(error)
        case Refused():
            return _refused(error, language)
        case Busy():
            return _problem(HTTPStatus.LOCKED, "locked", "Another request is at this upload.")
        case Gone():
            detail = "What had arrived is no longer there. Begin again."
            return _problem(HTTPStatus.GONE, "lost", detail)
    logger.error("An upload's request could not be answered", exc_info=error)
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        detail = "The server has no room left. What has arrived is kept: try again later."
        return _problem(HTTPStatus.INSUFFICIENT_STORAGE, "storage_full", detail)
    detail = "The server cannot answer just now. What has arrived is kept: try again."
    return _problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", detail)


def wrong(error: ProtocolError) -> Answer:
    """What the protocol does not allow."""
    answer = _problem(error.status, error.code, error.detail)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Token"
    if error.status == HTTPStatus.PRECONDITION_FAILED:
        answer.headers["Tus-Version"] = protocol.VERSION
    return answer


def state(upload: Upload, offset: int, status: int) -> Answer:
    """How far an upload is, and once it is received, its submission and receipt."""
    headers = {"Upload-Offset": str(offset)}
    if upload.submission is not None:
        headers |= received(upload.submission)
    else:
        headers["Upload-Expires"] = http_date(upload.expires_at.timestamp())  # RFC 9110
    return Answer(status, headers)


def received(submission: Submission) -> dict[str, str]:
    """Our own addition: what became of the upload."""
    return {
        "Submission-Id": str(submission.pk),
        "Submission-Version": str(submission.version),
        "Submission-Received-At": submission.received_at.isoformat(),
        "Receipt-Code": submission.receipt.code,
    }


def _refused(error: Refused, language: str) -> Answer:
    code = error.refusal.code
    status = REFUSAL_STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY)  # type: ignore[call-overload]
    with translation.override(language):
        return _problem(int(status), code.value, error.refusal.message)


def _problem(status: int, code: str, detail: str) -> Answer:
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail}
    return Answer(status, problem=body)
