"""The words of tus 1.0.0 (https://tus.io/protocols/resumable-upload), headers to values. Pure."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination,concatenation"
ALGORITHMS = ("sha1", "sha256")
BODY_TYPE = "application/offset+octet-stream"
# Not in the registry of HTTP: the protocol's own « Checksum Mismatch ».
CHECKSUM_MISMATCH = 460

METADATA_MAX_CHARS = 60_000
PARTS_MAX = 100
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]+")  # ASCII without spaces and commas
_NUMBER = re.compile(r"[0-9]{1,200}")
_ADDRESS = re.compile(r"(?:https?://[^/\s]+)?/uploads/([0-9a-f]{32})/?")


class ProtocolError(Exception):
    """The request is not what the protocol allows; `status` says which way."""

    def __init__(self, status: int, detail: str, code: str = "") -> None:
        super().__init__(detail)
        self.status = int(status)
        self.detail = detail
        self.code = code or "invalid"


@dataclass(frozen=True)
class Checksum:
    """What the body of one request must hash to."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True)
class Concat:
    """`Upload-Concat`: a part, or the ids (hex) of the parts that a final upload is made of."""

    is_part: bool
    parts: tuple[str, ...] = ()


def number(headers: Mapping[str, str], name: str) -> int | None:
    """A header that must be a non-negative integer; None if absent. Raises `ProtocolError` 400."""
    if (value := headers.get(name)) is None:
        return None
    if not _NUMBER.fullmatch(value):
        raise ProtocolError(HTTPStatus.BAD_REQUEST, f"{name} must be a non-negative integer.")
    return int(value)


def metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata`: comma-separated `key base64`, keys unique. Raises `ProtocolError` 400."""
    if len(header) > METADATA_MAX_CHARS:
        raise ProtocolError(HTTPStatus.BAD_REQUEST, "Upload-Metadata is too long.")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise ProtocolError(HTTPStatus.BAD_REQUEST, "Upload-Metadata has a bad key.")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            detail = f"Upload-Metadata: the value of {key} is not base64 of UTF-8."
            raise ProtocolError(HTTPStatus.BAD_REQUEST, detail) from error
    return found


def checksum(header: str | None) -> Checksum | None:
    """`Upload-Checksum`: `algorithm base64`. Raises `ProtocolError` 400."""
    if header is None:
        return None
    algorithm, _, value = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        detail = f"Upload-Checksum takes one of: {', '.join(ALGORITHMS)}."
        raise ProtocolError(HTTPStatus.BAD_REQUEST, detail)
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except binascii.Error as error:
        detail = "Upload-Checksum is not base64."
        raise ProtocolError(HTTPStatus.BAD_REQUEST, detail) from error
    return Checksum(algorithm, digest)


def concat(header: str | None) -> Concat | None:
    """`Upload-Concat`: `partial`, or `final;` and addresses of ours. Raises `ProtocolError` 400."""
    if header is None:
        return None
    if header.strip() == "partial":
        return Concat(is_part=True)
    kind, _, addresses = header.strip().partition(";")
    found = [_ADDRESS.fullmatch(address) for address in addresses.split()]
    if kind != "final" or not 1 <= len(found) <= PARTS_MAX or None in found:
        detail = f"Upload-Concat is « partial », or « final; » and 1 to {PARTS_MAX} addresses."
        raise ProtocolError(HTTPStatus.BAD_REQUEST, detail)
    return Concat(is_part=False, parts=tuple(match[1] for match in found if match))
