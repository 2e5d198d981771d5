"""Words: sources, notes, tables."""

from collections.abc import Iterator

from submissions.inspection import kinds
from submissions.inspection.found import Code, Found


def inspect(path: str, name: str) -> Iterator[Found]:
    """Whether it begins like words that any editor shows."""
    found = Found({"type": "text"})
    yield found if kinds.is_text(kinds.head_of(path)) else found.but(Code.UNREADABLE)
