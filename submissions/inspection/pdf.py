"""PDFs, by pdfium, the one in Chromium."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from submissions.inspection import thumbnails
from submissions.inspection.found import Code, Found

PAGES_TRIED = 200
PAGES_SECONDS = 5
TAIL = 4096  # bytes: some programs write a little after the end mark


def inspect(path: str, name: str) -> Iterator[Found]:
    """Whether it opens; then its first page as a picture; then whether all its pages are there."""
    found = Found({"type": "pdf"})
    try:
        # By its path: pdfium reads what it needs, wherever in a large file that is.
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        locked = error.err_code == pdfium_c.FPDF_ERR_PASSWORD
        yield found.but(Code.ENCRYPTED if locked else Code.UNREADABLE)
        return
    pages = len(document)
    found.facts["pages"] = pages
    if not pages:
        yield found.but(Code.UNREADABLE)
        return
    if not _has_end(path):
        found = found.but(Code.TRUNCATED)
    yield found
    # Even to load a page may take for ever: what it draws is read for that.
    if picture := _picture(document):
        found = replace(found, thumbnail=picture)
        yield found
    if missing := _first_unreadable(document, pages):
        yield found.but(Code.PAGE_UNREADABLE, page=missing)


def _has_end(path: str) -> bool:
    with Path(path).open("rb") as file:
        file.seek(max(0, Path(path).stat().st_size - TAIL))
        return b"%%EOF" in file.read()


def _first_unreadable(document: pdfium.PdfDocument, pages: int) -> int:
    """The number of the first page that cannot be read; 0 if there is none among those tried."""
    until = time.monotonic() + PAGES_SECONDS
    for index in range(min(pages, PAGES_TRIED)):
        if time.monotonic() > until:
            break
        try:
            document[index].close()
        except pdfium.PdfiumError:
            return index + 1
    return 0


def _picture(document: pdfium.PdfDocument) -> bytes:
    """The first page. However large it claims to be, the bitmap is small."""
    try:
        page = document[0]
    except pdfium.PdfiumError:
        return b""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        return b""
    scale = thumbnails.SIDE / max(width, height)
    return thumbnails.webp(page.render(scale=scale).to_pil())
