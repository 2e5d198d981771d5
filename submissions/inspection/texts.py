from collections.abc import Iterator

from submissions.inspection import file_types
from submissions.inspection.result import FindingCode, Result


def inspect(path: str, name: str) -> Iterator[Result]:
    result = Result({"type": "text"})
    yield (
        result
        if file_types.is_text(file_types.head_of(path))
        else result.with_finding(FindingCode.UNREADABLE)
    )
