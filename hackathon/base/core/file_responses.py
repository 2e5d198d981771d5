import asyncio
import re
from collections.abc import Callable
from typing import Protocol

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags

from hackathon.base.core.received_files import clean_filename

# Types that a browser may show. None of them can run script on our origin.
INLINE_TYPES = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "video/mp4",
        "video/webm",
    }
)
OPAQUE = "application/octet-stream"

# `sandbox` gives the document an origin of its own. Chromium's PDF viewer doesn't start in a
# sandbox, nor under a policy on objects and styles; script inside a PDF can't reach our origin.
# For an image or a video the browser makes a small document that loads the file again, with the
# cookie: hence the same origin, still without script.
SANDBOXED = "default-src 'none'; sandbox; frame-ancestors 'self'"
MEDIA_POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; "
    "sandbox allow-same-origin; frame-ancestors 'self'"
)
PDF_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

BLOCK = 256 * 1024


def pdf_response(pdf: bytes, *, filename: str, request: HttpRequest) -> HttpResponseBase:
    """Made for this request: shown by the browser, and not cached."""
    response = file_response(
        ContentFile(pdf),
        filename=filename,
        content_type="application/pdf",
        inline=True,
        request=request,
    )
    response["Cache-Control"] = "private, no-store"
    return response


def file_response(
    file: File,
    *,
    filename: str,
    content_type: str,
    inline: bool,
    request: HttpRequest,
    digest: str = "",
) -> HttpResponseBase:
    """The caller has checked the access. `digest`: another one for other bytes. Browsers may cache
    it for good.
    """
    content_type = content_type.split(";")[0].strip().lower()
    if content_type not in INLINE_TYPES:
        content_type, inline = OPAQUE, False
    size = file.size
    etag = f'"{digest}"' if digest else ""
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=31536000, immutable",
        "Content-Security-Policy": _policy(content_type),
        "X-Frame-Options": "SAMEORIGIN",  # the jury's page frames files
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if etag:
        headers["ETag"] = etag
        if etag in _etags(request.headers.get("If-None-Match", "")):
            return HttpResponse(status=304, headers=headers)
    headers["Content-Type"] = content_type
    disposition = content_disposition_header(not inline, _basename(filename))
    headers["Content-Disposition"] = disposition or "attachment"

    wanted = _wanted_range(request, size, etag)
    if wanted is not None and wanted.start >= wanted.stop:
        unsatisfiable = {"Content-Range": f"bytes */{size}", "Cache-Control": "no-store"}
        return HttpResponse(status=416, headers=unsatisfiable)
    served = wanted if wanted is not None else range(size)
    status = 200
    if wanted is not None:
        status = 206
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    headers["Content-Length"] = str(len(served))
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return streamed(_Part(file, served), request, status=status, headers=headers)


class Reader(Protocol):
    """`read` returns an empty block at the end."""

    def read(self) -> bytes: ...

    def close(self) -> None: ...


def streamed(
    reader: Reader, request: HttpRequest, *, status: int = 200, headers: dict[str, str]
) -> StreamingHttpResponse:
    """Closes the reader."""
    # Under ASGI Django reads a plain iterator into memory before it sends the first byte.
    blocks = AsyncBlocks if isinstance(request, ASGIRequest) else _Blocks
    body = blocks(reader.read, reader.close)
    return StreamingHttpResponse(body, status=status, headers=headers)


def _policy(content_type: str) -> str:
    if content_type == "application/pdf":
        return PDF_POLICY
    return SANDBOXED if content_type == OPAQUE else MEDIA_POLICY


class _Part:
    def __init__(self, file: File, part: range) -> None:
        file.open("rb")
        file.seek(part.start)
        self._file = file
        self._left = len(part)

    def read(self) -> bytes:
        block = self._file.read(min(BLOCK, self._left))
        self._left -= len(block)
        return block

    def close(self) -> None:
        self._file.close()


class _Blocks:
    def __init__(self, read: Callable[[], bytes], close: Callable[[], None]) -> None:
        self._read = read
        self.close = close

    def __iter__(self) -> "_Blocks":
        return self

    def __next__(self) -> bytes:
        if block := self._read():
            return block
        raise StopIteration


class AsyncBlocks:
    def __init__(self, read: Callable[[], bytes], close: Callable[[], None]) -> None:
        self._read = read
        self.close = close

    def __aiter__(self) -> "AsyncBlocks":
        return self

    async def __anext__(self) -> bytes:
        if block := await asyncio.to_thread(self._read):
            return block
        raise StopAsyncIteration


def _wanted_range(request: HttpRequest, size: int, etag: str) -> range | None:
    """None: the whole file. Empty: unsatisfiable. Invalid ranges are ignored (RFC 9110)."""
    header = request.headers.get("Range", "")
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header.replace(" ", ""))
    if match is None or match.group(0) == "bytes=-":
        return None
    if (if_range := request.headers.get("If-Range")) is not None and if_range != etag:
        return None
    first, last = match.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    stop = min(int(last) + 1, size) if last else size
    return range(int(first), stop)


def _etags(header: str) -> list[str]:
    return [etag.removeprefix("W/") for etag in parse_etags(header)]


def _basename(filename: str) -> str:
    return clean_filename(filename) or "fichier"
