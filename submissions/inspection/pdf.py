import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from submissions.inspection import thumbnails
from submissions.inspection.result import FindingCode, Result

PAGES_TRIED = 200
PAGES_SECONDS = 5
TAIL_BYTES = 4096  # some programs write a little after the end mark


def inspect(path: str, name: str) -> Iterator[Result]:
    result = Result({"type": "pdf"})
    try:
        # Given a path, pdfium reads only the parts of the file that it needs.
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        locked = error.err_code == pdfium_c.FPDF_ERR_PASSWORD
        yield result.with_finding(FindingCode.ENCRYPTED if locked else FindingCode.UNREADABLE)
        return
    pages = len(document)
    result.facts["pages"] = pages
    if not pages:
        yield result.with_finding(FindingCode.UNREADABLE)
        return
    if not _has_end(path):
        result = result.with_finding(FindingCode.TRUNCATED)
    yield result
    # First the thumbnail: loading all pages may exceed the time limit.
    if picture := _picture(document):
        result = replace(result, thumbnail=picture)
        yield result
    if missing := _first_unreadable(document, pages):
        yield result.with_finding(FindingCode.PAGE_UNREADABLE, page=missing)


def _has_end(path: str) -> bool:
    with Path(path).open("rb") as file:
        file.seek(max(0, Path(path).stat().st_size - TAIL_BYTES))
        return b"%%EOF" in file.read()


def _first_unreadable(document: pdfium.PdfDocument, pages: int) -> int:
    """Its number; 0 if every page that was tried can be read."""
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
    """A thumbnail of the first page. The bitmap is small whatever page size the file declares."""
    try:
        page = document[0]
    except pdfium.PdfiumError:
        return b""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        return b""
    scale = thumbnails.SIDE / max(width, height)
    return thumbnails.webp(page.render(scale=scale).to_pil())
