"""Reads a file from standard input, and prints its tables or why there are none (`tables`).

Its argument is the CPU time that it may take, in seconds.
"""

import os
import sys
from collections.abc import Iterator
from types import TracebackType

from hackathon.base.core.confinement import confine, limit_resources
from hackathon.event.imports.extraction import text_files, workbooks
from hackathon.event.imports.extraction.tables import (
    CELLS_MAX,
    Extract,
    NotExtracted,
    Reason,
    as_json,
    reason_as_json,
)

MEMORY_BYTES = 400_000_000
OUTPUT_BYTES = 20_000_000


def main() -> None:
    log_without_messages()
    limit_resources(
        memory_bytes=MEMORY_BYTES, cpu_seconds=int(sys.argv[1]), output_bytes=OUTPUT_BYTES
    )
    confine()
    sys.stdout.buffer.write(extract(sys.stdin.buffer.read()))


def log_without_messages() -> None:
    """The site logs standard error, and messages of errors and of calamine may quote a cell."""
    log = os.fdopen(os.dup(sys.stderr.fileno()), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())

    def write(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        while trace:
            print(trace.tb_frame.f_code.co_filename, trace.tb_lineno, file=log)
            trace = trace.tb_next
        print(kind.__name__, file=log, flush=True)

    sys.excepthook = write


def extract(content: bytes) -> bytes:
    is_workbook = content.startswith(workbooks.BEGINNINGS)
    extracts = workbooks.extracts(content) if is_workbook else text_files.extracts(content)
    try:
        return as_json(_few(extracts))
    except NotExtracted as error:
        return reason_as_json(error.reason)


def _few(all_extracts: Iterator[Extract]) -> list[Extract]:
    """What the site receives, it must hold in memory."""
    extracts, cells = [], 0
    for sheet in all_extracts:
        extracts.append(sheet)
        cells += sum(map(len, sheet.rows))
        if cells > CELLS_MAX:
            raise NotExtracted(Reason.TOO_HEAVY)
    if not extracts:
        raise NotExtracted(Reason.UNREADABLE)
    return extracts


if __name__ == "__main__":
    main()
