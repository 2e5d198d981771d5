"""What an inspector says. Plain values, so that they cross from one process to another."""

import base64
import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

WORD_MAX = 80


class Code(StrEnum):
    """What can be found; `words` has the sentence of each."""

    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    ENCRYPTED = "encrypted"
    TYPE_MISMATCH = "type_mismatch"
    TWO_TYPES = "two_types"
    PAGE_UNREADABLE = "page_unreadable"
    IMAGE_HUGE = "image_huge"
    RARE_FORMAT = "rare_format"
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


# With one of these the jury sees nothing; with any other it is worth a second look.
BROKEN = frozenset(
    {
        Code.UNREADABLE,
        Code.DAMAGED,
        Code.ENCRYPTED,
        Code.TYPE_MISMATCH,
        Code.ARCHIVE_EMPTY,
        Code.ARCHIVE_BOMB,
        Code.LINK_NO_ANSWER,
        Code.LINK_STATUS,
        Code.LINK_CERTIFICATE,
        Code.LINK_PRIVATE,
        Code.LINK_LOOP,
        Code.INFECTED,
        Code.MISSING,
    }
)


@dataclass(frozen=True)
class Found:
    """Facts worth knowing, findings (`{"code": …, …}`), and a picture (WebP) where there is one."""

    facts: dict[str, Any] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    thumbnail: bytes = b""

    def but(self, code: Code, **words: Any) -> "Found":
        """The same with one more finding, whose sentence needs these words."""
        return replace(self, findings=[*self.findings, finding(code, **words)])

    def has(self, *codes: Code) -> bool:
        """Whether one of these was found."""
        return any(one["code"] in codes for one in self.findings)

    def as_json(self) -> str:
        """One line."""
        picture = base64.b64encode(self.thumbnail).decode()
        return json.dumps([self.facts, self.findings, picture])

    @classmethod
    def from_json(cls, line: bytes) -> "Found":
        """The way back. Raises `ValueError` for anything else."""
        match json.loads(line):
            case [dict() as facts, list() as findings, str() as picture]:
                return cls(facts, findings, base64.b64decode(picture))
        raise ValueError("Not what an inspector says.")


def finding(code: Code, **words: Any) -> dict[str, Any]:
    """`{"code": …}` with the words of its sentence; those from the file itself made harmless."""
    return {"code": code.value, **{key: _plain(word) for key, word in words.items()}}


def gravest(findings: list[dict[str, Any]]) -> Code | None:
    """The finding that decides the light; None if nothing was found."""
    codes = [Code(one["code"]) for one in findings]
    return next((code for code in codes if code in BROKEN), codes[0] if codes else None)


def _plain(word: Any) -> Any:
    if not isinstance(word, str):
        return word
    return "".join(c if c.isprintable() else "�" for c in word[:WORD_MAX])
