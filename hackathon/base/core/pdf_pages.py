"""The pages of a PDF as pictures, made in a process of its own (`core.sandbox`).

`python -m hackathon.base.core.pdf_pages` reads the path from its standard input and writes each
page to its standard output: its length (u32, big-endian) and a WebP.
"""

import io
import os
import struct
import sys
import tempfile
from collections.abc import Iterator

import pypdfium2 as pdfium

from hackathon.base.core import sandbox
from hackathon.base.core.confinement import confine, limit_resources

PAGES_MAX = 120
WIDTH, HEIGHT = 1920, 1080
MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 120
OUTPUT_BYTES = 200_000_000
TIMEOUT_SECONDS = 300
LENGTH = struct.Struct(">I")


def render(path: str) -> list[bytes]:
    """Empty if a page cannot be shown. The PDF may be a stranger's."""
    with tempfile.TemporaryFile() as pages:
        is_complete = sandbox.run(
            "hackathon.base.core.pdf_pages",
            given=path.encode(),
            stdout=pages,
            timeout_seconds=TIMEOUT_SECONDS,
        )
        pages.seek(0)
        return list(_read(pages.read())) if is_complete else []


def _read(pages: bytes) -> Iterator[bytes]:
    start = 0
    while start < len(pages):
        (size,) = LENGTH.unpack_from(pages, start)
        start += LENGTH.size + size
        yield pages[start - size : start]


def _pictures(path: str) -> Iterator[bytes]:
    document = pdfium.PdfDocument(path)
    for number in range(min(len(document), PAGES_MAX)):
        page = document[number]
        width, height = page.get_size()
        scale = min(WIDTH / width, HEIGHT / height)
        out = io.BytesIO()
        page.render(scale=scale).to_pil().convert("RGB").save(out, "WEBP", quality=85, method=2)
        page.close()
        yield out.getvalue()


def main() -> None:
    path = sys.stdin.read()
    limit_resources(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, output_bytes=OUTPUT_BYTES)
    os.nice(10)  # web requests have priority
    confine(path)
    for picture in _pictures(path):
        sys.stdout.buffer.write(LENGTH.pack(len(picture)) + picture)


if __name__ == "__main__":
    main()
