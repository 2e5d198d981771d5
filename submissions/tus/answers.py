"""What goes back: always with `Tus-Resumable`, refusals with their reason (RFC 9457)."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.utils import translation
from django.utils.http import http_date

from hackathon.core.errors import Refused
from hackathon.core.problems import CONTENT_TYPE
from submissions.errors import DepositRefusal
from submissions.models import Submission, Upload
from submissions.tus import protocol
from submissions.tus.protocol import ProtocolError

Send = Callable[[dict[str, Any]], Awaitable[None]]

# Not 409: that is the protocol's word for another offset, which clients try again by themselves.
REFUSAL_STATUS = {
    DepositRefusal.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    DepositRefusal.STORAGE_FULL: HTTPStatus.INSUFFICIENT_STORAGE,
    DepositRefusal.TOO_MANY_UPLOADS: HTTPStatus.TOO_MANY_REQUESTS,
    DepositRefusal.NOT_MEMBER: HTTPStatus.NOT_FOUND,
}


@dataclass
class Answer:
    """Status, headers and, for a refusal, the document that explains it."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    problem: dict[str, Any] | None = None

    async def send(self, send: Send, *, bodiless: bool) -> None:
        """To the server. `bodiless`: an answer to HEAD."""
        body = b"" if self.problem is None else json.dumps(self.problem).encode()
        headers = {
            "Tus-Resumable": protocol.VERSION,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **self.headers,
        }
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
        await send({"type": "http.response.body", "body": b"" if bodiless else body})


def refused(error: Refused, language: str) -> Answer:
    """What a rule said no to, in the caller's language."""
    code = error.refusal.code
    status = REFUSAL_STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY)  # type: ignore[call-overload]
    with translation.override(language):
        return _problem(int(status), code.value, error.refusal.message)


def wrong(error: ProtocolError) -> Answer:
    """What the protocol does not allow; in English, for whoever writes a client."""
    answer = _problem(error.status, error.code, error.detail)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Token"
    if error.status == HTTPStatus.PRECONDITION_FAILED:
        answer.headers["Tus-Version"] = protocol.VERSION
    return answer


def state(upload: Upload, offset: int, status: int) -> Answer:
    """How far an upload is, and once it is received, its submission and receipt."""
    headers = {"Upload-Offset": str(offset)}
    if upload.submission is None:
        headers["Upload-Expires"] = expires(upload.expires_at)
    else:
        headers |= received(upload.submission)
    return Answer(status, headers)


def received(submission: Submission) -> dict[str, str]:
    """Our own addition: what became of the upload."""
    return {
        "Submission-Id": str(submission.pk),
        "Submission-Version": str(submission.version),
        "Submission-Received-At": submission.received_at.isoformat(),
        "Receipt-Code": submission.receipt.code,
    }


def expires(instant: datetime) -> str:
    """RFC 9110's date, as the extension « expiration » wants it."""
    return http_date(instant.timestamp())


def _problem(status: int, code: str, detail: str) -> Answer:
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail}
    return Answer(status, problem=body)
