"""ZIPs, and the documents that are ZIPs inside. Read in memory, bit by bit; nothing is unpacked."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from submissions.inspection import kinds
from submissions.inspection.found import Code, Found

ENTRIES_MAX = 100_000
BYTES_MAX = 20_000_000_000  # unpacked, archives inside counted in
RATIO_MAX = 200  # of what is worth calling a bomb: more than
BOMB_BYTES = 500_000_000
DEPTH_MAX = 4
NESTED_BYTES = 16_000_000  # a larger archive inside is not opened
READ_BYTES = 200_000_000  # read to see whether the checksums are right
BLOCK = 256 * 1024
# What a document of this kind must have inside.
DOCUMENTS = {
    **dict.fromkeys(("docx", "pptx", "xlsx"), "[Content_Types].xml"),
    **dict.fromkeys(("odt", "odp", "ods", "odg", "epub"), "mimetype"),
}
DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    ValueError,
)


@dataclass
class Sum:
    """What archives within archives come to. `room` is what may still be read."""

    entries: int = 0
    unpacked: int = 0
    room: int = READ_BYTES
    odd: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    deepest: int = 0

    def is_bomb(self, packed: int) -> bool:
        """Whether unpacking it would fill a disk."""
        return (
            self.deepest > DEPTH_MAX
            or self.entries > ENTRIES_MAX
            or self.unpacked > BYTES_MAX
            or (self.unpacked > BOMB_BYTES and self.unpacked > RATIO_MAX * packed)
        )


def inspect(path: str, name: str) -> Iterator[Found]:
    """Whether it lists, what it would come to unpacked, and whether its entries are whole."""
    document = kinds.extension_of(name)
    found = Found({"type": "document" if document in DOCUMENTS else "archive"})
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGES:
        yield found.but(Code.UNREADABLE)
        return
    with archive:
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        found.facts["entries"] = len(files)
        if not files:
            yield found.but(Code.ARCHIVE_EMPTY)
            return
        packed = sum(entry.compress_size for entry in files)
        total = Sum()
        _add(archive, total, packed, depth=0)
    found.facts["unpacked"] = total.unpacked
    yield _judged(found, archive, total, packed, DOCUMENTS.get(document))


def _judged(
    found: Found, archive: zipfile.ZipFile, total: Sum, packed: int, must_have: str | None
) -> Found:
    if total.is_bomb(packed):
        return found.but(Code.ARCHIVE_BOMB)
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        return found.but(Code.ENCRYPTED)
    if must_have and must_have not in archive.namelist():
        return found.but(Code.UNREADABLE)
    if total.damaged:
        return found.but(Code.DAMAGED, entry=total.damaged[0])
    if total.odd:
        return found.but(Code.ARCHIVE_ODD_NAMES, entry=total.odd[0])
    return found


def _add(archive: zipfile.ZipFile, total: Sum, packed: int, *, depth: int) -> None:
    """Count what is in it, and read as much as there is room for."""
    total.deepest = max(total.deepest, depth)
    for entry in archive.infolist():
        total.entries += 1
        total.unpacked += entry.file_size
        if _is_odd(entry.orig_filename):
            total.odd.append(entry.orig_filename)
        if total.is_bomb(packed):
            return
    for entry in archive.infolist():
        if entry.is_dir() or entry.flag_bits & 1:
            continue
        if entry.filename.lower().endswith(".zip") and entry.file_size <= NESTED_BYTES:
            _add_nested(archive, entry, total, packed, depth=depth + 1)
        elif total.room > 0:
            _read(archive, entry, total)
        if total.damaged or total.is_bomb(packed):
            return


def _add_nested(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, total: Sum, packed: int, *, depth: int
) -> None:
    if total.room < entry.file_size:
        return
    total.room -= entry.file_size
    try:
        inner = zipfile.ZipFile(io.BytesIO(archive.read(entry)))
    except NotImplementedError:
        return
    except DAMAGES:
        total.damaged.append(entry.filename)
        return
    with inner:
        _add(inner, total, packed, depth=depth)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, total: Sum) -> None:
    """To its end if there is room: the library compares the checksum there."""
    try:
        with archive.open(entry) as file:
            while total.room > 0 and (block := file.read(BLOCK)):
                total.room -= len(block)
    except DAMAGES:
        total.damaged.append(entry.filename)
    except NotImplementedError:
        pass  # a way of packing that other programs know (Windows' Deflate64)


def _is_odd(name: str) -> bool:
    """Names that lead out of the folder, or don't read as they are written."""
    parts = re.split(r"[/\\]", name)
    return (
        ".." in parts
        or name.startswith(("/", "\\"))
        or re.match(r"[A-Za-z]:", name) is not None
        or not name.isprintable()
        or max(map(len, parts)) > 200
    )
