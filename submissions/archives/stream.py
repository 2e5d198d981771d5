import contextlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from zipstream import ZIP_STORED, ZipStream, ZipStreamInfo

from hackathon.base.core.file_responses import streamed
from hackathon.event.editions.models import Edition
from submissions.archives.contents import BLOCK_BYTES, Entry, entries_of
from submissions.archives.names import safe_name
from submissions.archives.selectors import archive_lines
from teams.models import Team


def archive_response(
    request: HttpRequest,
    edition: Edition,
    teams: Sequence[Team],
    *,
    title: str = "",
    every_version: bool = False,
    at: datetime,
) -> HttpResponseBase:
    """Not compressed, so that the size is known. The departments of `teams` must be loaded."""
    lines = archive_lines(edition, teams, at=at, every_version=every_version)
    entries = entries_of(edition, teams, lines, every_version=every_version, at=at)
    return zip_response(request, edition, entries, name=f"{edition.slug} {title}")


def zip_response(
    request: HttpRequest,
    edition: Edition,
    entries: Sequence[Entry],
    *,
    name: str,
    closed: Callable[[], None] = lambda: None,
) -> HttpResponseBase:
    """`closed` is called after the last block, or when the client has gone."""
    zipped = _DatedZip(edition, entries)
    headers = {
        "Content-Type": "application/zip",
        "Content-Length": str(len(zipped)),
        "Content-Disposition": content_disposition_header(True, f"{safe_name(name)}.zip")
        or "attachment",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == "HEAD":
        closed()
        return HttpResponse(headers=headers)
    return streamed(_ZipReader(zipped, closed), request, headers=headers)


class _DatedZip(ZipStream):
    """Dates each file with its own instant; the library uses the present one."""

    def __init__(self, edition: Edition, entries: Sequence[Entry]) -> None:
        super().__init__(compress_type=ZIP_STORED, sized=True)
        self._dates: dict[str, tuple[int, ...]] = {}
        for entry in entries:
            local = entry.at.astimezone(edition.zone)
            self._dates[entry.path] = local.timetuple()[:6]
            self.add(entry.blocks(), entry.path, size=entry.size)

    def _gen_file_entry(self, *, arcname: str, iterable: Any, size: int, **_more: Any) -> Any:
        info = ZipStreamInfo(arcname, self._dates[arcname])
        info.external_attr = 0o100644 << 16
        info.compress_type = ZIP_STORED
        info.file_size = size
        info.header_offset = self._pos
        for piece in info._file_data(iterable):
            yield self._track(piece)
        if info.file_size != size:
            # Abort the download: to go on would produce a damaged archive.
            raise RuntimeError(f"{arcname}: {info.file_size} bytes instead of {size}.")
        self._filelist.append(info)


class _ZipReader:
    def __init__(self, zipped: _DatedZip, closed: Callable[[], None] = lambda: None) -> None:
        self._pieces: Iterator[bytes] = zipped.finalize()
        self._closed = closed

    def read(self) -> bytes:
        block: list[bytes] = []
        size = 0
        for piece in self._pieces:
            block.append(piece)
            size += len(piece)
            if size >= BLOCK_BYTES:
                break
        return b"".join(block)

    def close(self) -> None:
        # While a thread reads it, the generator cannot be closed; it is closed when it is freed.
        with contextlib.suppress(ValueError):
            self._pieces.close()  # type: ignore[attr-defined]
        self._closed()
