"""What an inspector reports. Plain values, because another process produces them."""

import base64
import json
import struct
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

PARAM_MAX_CHARS = 80
COPY_SECONDS = 20 * 60  # of a copy of a video for reading, at most
# Of an archive that is damaged.
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, ValueError)


class FindingCode(StrEnum):
    # `sentences` has a sentence for each of these.
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    ENCRYPTED = "encrypted"
    TYPE_MISMATCH = "type_mismatch"
    TWO_TYPES = "two_types"
    PAGE_UNREADABLE = "page_unreadable"
    IMAGE_HUGE = "image_huge"
    RARE_FORMAT = "rare_format"
    PHONE_PHOTO = "phone_photo"
    HARD_TO_SHOW = "hard_to_show"
    ARCHIVE_EMPTY = "archive_empty"
    ARCHIVE_BOMB = "archive_bomb"
    ARCHIVE_ODD_NAMES = "archive_odd_names"
    LINK_NO_ANSWER = "link_no_answer"
    LINK_STATUS = "link_status"
    LINK_CLOSED = "link_closed"
    LINK_SIGN_IN = "link_sign_in"
    LINK_NOT_HTTPS = "link_not_https"
    LINK_CERTIFICATE = "link_certificate"
    LINK_PRIVATE = "link_private"
    LINK_PORT = "link_port"
    LINK_LOOP = "link_loop"
    INFECTED = "infected"
    MISSING = "missing"
    NOT_CHECKED = "not_checked"


# With one of these the jury cannot open the deposit. The others are warnings.
BROKEN = frozenset(
    {
        FindingCode.UNREADABLE,
        FindingCode.DAMAGED,
        FindingCode.ENCRYPTED,
        FindingCode.TYPE_MISMATCH,
        FindingCode.ARCHIVE_EMPTY,
        FindingCode.ARCHIVE_BOMB,
        FindingCode.LINK_NO_ANSWER,
        FindingCode.LINK_STATUS,
        FindingCode.LINK_CERTIFICATE,
        FindingCode.LINK_PRIVATE,
        FindingCode.LINK_LOOP,
        FindingCode.INFECTED,
        FindingCode.MISSING,
    }
)


@dataclass(frozen=True)
class Result:
    """`findings` are `{"code": …}` with the parameters of its sentence; `thumbnail` is WebP;
    `contents`: of an archive, as `archive_contents.read` returns it.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    thumbnail: bytes = b""
    contents: dict[str, Any] = field(default_factory=dict)

    @property
    def is_broken(self) -> bool:
        return self.has(*BROKEN)

    def with_finding(self, code: FindingCode, **params: Any) -> "Result":
        return replace(self, findings=[*self.findings, finding(code, **params)])

    def has(self, *codes: FindingCode) -> bool:
        return any(one["code"] in codes for one in self.findings)

    def as_json(self) -> str:
        picture = base64.b64encode(self.thumbnail).decode()
        return json.dumps([self.facts, self.findings, picture, self.contents])

    @classmethod
    def from_json(cls, line: bytes) -> "Result":
        """Raises `ValueError` for anything but the output of `as_json`."""
        match json.loads(line):
            case [dict() as facts, list() as findings, str() as picture, dict() as contents]:
                return cls(facts, findings, base64.b64decode(picture), contents)
        raise ValueError("Not a result.")


def finding(code: FindingCode, **params: Any) -> dict[str, Any]:
    """Texts in `params` may come from the file: they are shortened and made printable."""
    return {"code": code.value, **{key: _printable(value) for key, value in params.items()}}


def most_serious(findings: list[dict[str, Any]]) -> FindingCode | None:
    codes = [FindingCode(one["code"]) for one in findings]
    return next((code for code in codes if code in BROKEN), codes[0] if codes else None)


def _printable(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "".join(c if c.isprintable() else "�" for c in value[:PARAM_MAX_CHARS])
