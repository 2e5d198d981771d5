"""tus 1.0.0 (https://tus.io/protocols/resumable-upload): parses headers and builds answers."""

import base64
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.db import Error as DatabaseError
from django.utils import translation
from django.utils.http import http_date

from hackathon.base.core.errors import RefusalCode, Refused, refuse
from hackathon.base.core.failures import is_disk_full
from submissions.errors import DepositRefusal, NotDurable
from submissions.models import Submission, Upload
from submissions.transfers.partial import Busy, Gone

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
CHECKSUM_ALGORITHM = "sha256"
BODY_TYPE = "application/offset+octet-stream"
# « Checksum Mismatch », a status of the protocol that HTTP does not have.
CHECKSUM_MISMATCH = 460

METADATA_MAX_CHARS = 60_000
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]+")  # ASCII without spaces and commas
_NUMBER = re.compile(r"[0-9]{1,200}")

# Not 409, which means another offset in the protocol: clients retry after it.
REFUSAL_STATUS: dict[RefusalCode, HTTPStatus] = {
    DepositRefusal.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    DepositRefusal.STORAGE_FULL: HTTPStatus.INSUFFICIENT_STORAGE,
    DepositRefusal.STORAGE_KEPT: HTTPStatus.INSUFFICIENT_STORAGE,
    DepositRefusal.TOO_MANY_UPLOADS: HTTPStatus.TOO_MANY_REQUESTS,
    DepositRefusal.NOT_MEMBER: HTTPStatus.NOT_FOUND,
}
# Seconds, for clients that know the header.
RETRY_AFTER = "5"

Send = Callable[[dict[str, Any]], Awaitable[None]]
logger = logging.getLogger(__name__)


class ProtocolError(Exception):
    def __init__(self, status: int, detail: str, code: str = "") -> None:
        super().__init__(detail)
        self.status = int(status)
        self.detail = detail
        self.code = code or "invalid"


# What a handler may raise; `failure` turns each into an answer.
FAILURES = (ProtocolError, Refused, Busy, Gone, DatabaseError, OSError)


def not_found() -> ProtocolError:
    """Also for the upload of another team."""
    return ProtocolError(HTTPStatus.NOT_FOUND, "There is no such upload.", code="not_found")


def number(headers: Mapping[str, str], name: str) -> int | None:
    """Raises `ProtocolError` 400."""
    if (value := headers.get(name)) is None:
        return None
    if not _NUMBER.fullmatch(value):
        raise ProtocolError(HTTPStatus.BAD_REQUEST, f"{name} must be a non-negative integer.")
    return int(value)


def metadata(header: str) -> dict[str, str]:
    """Raises `ProtocolError` 400."""
    if len(header) > METADATA_MAX_CHARS:
        raise ProtocolError(HTTPStatus.BAD_REQUEST, "Upload-Metadata is too long.")
    values: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        if not _KEY.fullmatch(key) or key in values:
            raise ProtocolError(HTTPStatus.BAD_REQUEST, "Upload-Metadata has a bad key.")
        try:
            values[key] = base64.b64decode(value.strip(), validate=True).decode()
        except ValueError as error:
            detail = f"Upload-Metadata: the value of {key} is not base64 of UTF-8."
            raise ProtocolError(HTTPStatus.BAD_REQUEST, detail) from error
    return values


def checksum(header: str | None) -> bytes | None:
    """Raises `ProtocolError` 400."""
    if header is None:
        return None
    algorithm, _, value = header.strip().partition(" ")
    if algorithm != CHECKSUM_ALGORITHM:
        detail = f"Upload-Checksum takes {CHECKSUM_ALGORITHM}."
        raise ProtocolError(HTTPStatus.BAD_REQUEST, detail)
    try:
        return base64.b64decode(value.strip(), validate=True)
    except ValueError as error:
        detail = "Upload-Checksum is not base64."
        raise ProtocolError(HTTPStatus.BAD_REQUEST, detail) from error


@dataclass
class Answer:
    """`problem`: RFC 9457."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    problem: dict[str, Any] | None = None


def state(upload: Upload, offset: int, status: int) -> Answer:
    headers = {"Upload-Offset": str(offset)}
    if upload.submission is not None:
        headers |= _received(upload.submission)
    else:
        headers["Upload-Expires"] = http_date(upload.expires_at.timestamp())  # RFC 9110
    return Answer(status, headers)


def _received(submission: Submission) -> dict[str, str]:
    return {
        "Submission-Id": str(submission.pk),
        "Submission-Version": str(submission.version),
        "Submission-Received-At": submission.received_at.isoformat(),
        "Receipt-Code": submission.receipt.code,
    }


def failure(error: Exception, language: str) -> Answer:
    """Refusals are in the user's language; other errors, for developers, are in English."""
    match error:
        case ProtocolError():
            return _protocol_error(error)
        case Refused():
            return _refused(error, language)
        case Busy():
            return _problem(
                HTTPStatus.LOCKED, "locked", "Another request is writing to this upload."
            )
        case Gone():
            detail = "What had arrived is lost. Begin again."
            return _problem(HTTPStatus.GONE, "lost", detail)
    if is_disk_full(error):
        logger.error("The disk is full: %s", error)
        answer = _refused(Refused(refuse(DepositRefusal.STORAGE_FULL)), language)
    else:
        logger.error("A request of an upload failed", exc_info=error)
        detail = "The server cannot answer now. What has arrived is kept: try again."
        answer = _problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", detail)
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def method_not_allowed(method: str, allowed: list[str]) -> Answer:
    answer = _problem(HTTPStatus.METHOD_NOT_ALLOWED, "invalid", f"{method} is not allowed here.")
    answer.headers["Allow"] = ", ".join(allowed)
    return answer


def _protocol_error(error: ProtocolError) -> Answer:
    answer = _problem(error.status, error.code, error.detail)
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Token"
    if error.status == HTTPStatus.PRECONDITION_FAILED:
        answer.headers["Tus-Version"] = VERSION
    return answer


def _refused(error: Refused, language: str) -> Answer:
    code = error.refusal.code
    status = REFUSAL_STATUS.get(code, HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(error, NotDurable):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    with translation.override(language):
        answer = _problem(int(status), code.value, error.refusal.message)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _problem(status: int, code: str, detail: str) -> Answer:
    body = {"type": "about:blank", "status": status, "code": code, "detail": detail}
    return Answer(int(status), problem=body)
