"""Questions to time stamping authorities, and the verification of their answers (RFC 3161)."""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

import httpcore
from cryptography import x509
from django.conf import settings
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from hackathon.base.core.outbound import ANSWER_SECONDS, FAILURES, CheckedBackend
from hackathon.extras.witness.rules import message

TIMEOUTS = {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 5.0}  # seconds
ANSWER_MAX = 64 * 1024  # bytes, with its headers
HEADERS = [("Content-Type", "application/timestamp-query"), ("Connection", "close")]


class NoStamp(Exception):
    """With the reason in English, for the operator."""


def ask(authority: str, digest: str) -> tuple[bytes, datetime]:
    """The verified answer and the instant in it. Raises `NoStamp`. The answer takes
    20 seconds at most.
    """
    builder = TimestampRequestBuilder().data(message(digest)).hash_algorithm(HashAlgorithm.SHA256)
    question = builder.build()
    answer = _post(authority, question.as_bytes())
    return answer, _verified(answer, digest, VerifierBuilder.from_request(question))


def verified(answer: bytes, digest: str) -> datetime:
    """The instant in an answer that was kept. Raises `NoStamp`."""
    return _verified(answer, digest, VerifierBuilder())


def is_about(answer: bytes, digest: str) -> bool:
    """Whether its text is this digest. Raises `NoStamp` for what is no answer."""
    imprint = _decoded(answer).tst_info.message_imprint.message
    return imprint == sha256(message(digest)).digest()


def _post(authority: str, question: bytes) -> bytes:
    backend = CheckedBackend(lambda _address: True, ANSWER_SECONDS, ANSWER_MAX)
    try:
        with httpcore.ConnectionPool(network_backend=backend) as pool:
            response = pool.request(
                "POST",
                authority,
                content=question,
                headers=HEADERS,
                extensions={"timeout": TIMEOUTS},
            )
    except FAILURES as error:
        raise NoStamp(type(error).__name__) from error
    if response.status != HTTPStatus.OK:
        raise NoStamp(f"HTTP {response.status}")
    return response.content


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(answer)
    except ValueError as error:
        # OpenSSL's own server, with `certs` in its configuration: asking again does not help.
        unsorted = "InvalidSetOrdering" in str(error)
        text = "unsorted certificates: it cannot be used" if unsorted else "no time stamp"
        raise NoStamp(text) from error


def _verified(answer: bytes, digest: str, builder: VerifierBuilder) -> datetime:
    response = _decoded(answer)
    if settings.TIMESTAMP_ROOTS is None:
        raise NoStamp("CCD_TIMESTAMP_ROOTS is not set")
    for root in roots(settings.TIMESTAMP_ROOTS):
        builder = builder.add_root_certificate(root)
    try:
        builder.build().verify_message(response, message(digest))
    except (VerificationError, ValueError) as error:
        raise NoStamp(str(error)) from error
    return response.tst_info.gen_time.replace(tzinfo=UTC)


@lru_cache
def roots(path: Path) -> tuple[x509.Certificate, ...]:
    """The trusted root certificates. Raises OSError and ValueError."""
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
