"""Bytes to rows of text cells, by the process of `extraction`."""

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from hackathon.base.core import sandbox
from hackathon.base.core.errors import Refusal, RefusalCode, refuse
from hackathon.base.core.formats import size_text
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.extraction.tables import ROWS_MAX, Extract, NotExtracted, from_json

BYTES_MAX = 5_000_000
MODULE = "hackathon.event.imports.extraction"
CPU_SECONDS = 10
TIMEOUT_SECONDS = 30
WAIT_SECONDS = 10  # for the file before
# One at a time: the others would take the memory, and all threads of the site.
_reading = threading.Lock()


class Unreadable(Exception):
    """`row` is that of a spreadsheet: the first one is 1."""

    def __init__(self, refusal: Refusal, row: int = 1) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        self.row = row


@dataclass(frozen=True)
class Table:
    """A cell is text without spaces around it. Missing cells at the end of a row are empty."""

    rows: list[list[str]]
    encoding: str | None = None  # a name that Python knows; None for a workbook
    separator: str | None = None
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    others: Mapping[str, list[list[str]]] = field(default_factory=dict)  # sheets that are not read


@dataclass(frozen=True)
class Document:
    extracts: list[Extract]

    def table(self, sheet: str = "") -> Table:
        """Of the sheet with this name, or of the first visible one that is filled. Raises
        `Unreadable`.
        """
        sheets = tuple(extract.name for extract in self.extracts if extract.encoding is None)
        if sheet and sheets and sheet not in sheets:
            raise _unreadable(ImportRefusal.SHEET_UNKNOWN, sheet=sheet)
        named = [extract for extract in self.extracts if sheets and extract.name == sheet]
        chosen = max(named or self.extracts, key=lambda e: (e.last > 0, not e.is_hidden))
        if chosen.quote_open:
            raise _unreadable(ImportRefusal.QUOTE_OPEN, row=chosen.quote_open)
        if chosen.last > ROWS_MAX:
            raise _unreadable(ImportRefusal.TOO_MANY_ROWS, rows=chosen.last, max=ROWS_MAX)
        others = {extract.name: extract.rows for extract in self.extracts if sheets}
        others.pop(chosen.name, None)
        return Table(chosen.rows, chosen.encoding, chosen.separator, sheets, chosen.name, others)


def read(content: bytes, sheet: str = "") -> Table:
    """Raises `Unreadable`."""
    return open_document(content).table(sheet)


def open_document(
    content: bytes, *, cpu_seconds: int = CPU_SECONDS, wait_seconds: float = WAIT_SECONDS
) -> Document:
    """Takes up to `wait_seconds` and `TIMEOUT_SECONDS`. Raises `Unreadable`."""
    if len(content) > BYTES_MAX:
        raise _unreadable(ImportRefusal.TOO_LARGE, max=size_text(BYTES_MAX))
    if not _reading.acquire(timeout=wait_seconds):
        raise _unreadable(ImportRefusal.BUSY)
    try:
        answer = _answer(content, cpu_seconds)
    finally:
        _reading.release()
    try:
        return Document(from_json(answer))
    except NotExtracted as error:
        raise _unreadable(ImportRefusal(error.reason)) from error
    except ValueError as error:
        raise _unreadable(ImportRefusal.TOO_HEAVY) from error


def _answer(content: bytes, cpu_seconds: int) -> bytes:
    with tempfile.TemporaryFile() as stdout:
        is_complete = sandbox.run(
            MODULE,
            str(cpu_seconds),
            given=content,
            stdout=stdout,
            timeout_seconds=TIMEOUT_SECONDS,
        )
        stdout.seek(0)
        return stdout.read() if is_complete else b""


def _unreadable(code: RefusalCode, *, row: int = 1, **params: object) -> Unreadable:
    return Unreadable(refuse(code, **params), row)
