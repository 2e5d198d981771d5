"""ZIP files, and documents that are ZIP files. They are read in blocks; nothing is extracted."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from submissions.inspection import file_types
from submissions.inspection.result import ZIP_ERRORS, FindingCode, Result

ENTRIES_MAX = 100_000
SHOWN_ENTRIES_MAX = 20_000  # of an archive with more of them nothing is shown
BYTES_MAX = 20_000_000_000  # uncompressed, including nested archives
RATIO_MAX = 200  # uncompressed to compressed; checked above BOMB_BYTES only
BOMB_BYTES = 500_000_000
DEPTH_MAX = 4
NESTED_BYTES_MAX = 16_000_000  # larger nested archives are not opened
READ_BYTES_MAX = 200_000_000  # to verify checksums, in one deposit
BLOCK = 256 * 1024
# The entry that a document of this type must contain.
DOCUMENTS = {
    **dict.fromkeys(("docx", "pptx", "xlsx"), "[Content_Types].xml"),
    **dict.fromkeys(("odt", "odp", "ods", "odg", "epub"), "mimetype"),
}


@dataclass
class Totals:
    """Over an archive and its nested archives. `bytes_left` may still be read to verify them."""

    entries: int = 0
    unpacked: int = 0
    bytes_left: int = READ_BYTES_MAX
    odd_names: list[str] = field(default_factory=list)
    damaged_names: list[str] = field(default_factory=list)
    depth: int = 0

    def is_bomb(self, packed: int) -> bool:
        """`packed` is the compressed size of the whole archive, in bytes."""
        return (
            self.depth > DEPTH_MAX
            or self.entries > ENTRIES_MAX
            or self.unpacked > BYTES_MAX
            or (self.unpacked > BOMB_BYTES and self.unpacked > RATIO_MAX * packed)
        )


def inspect(path: str, name: str) -> Iterator[Result]:
    document = file_types.extension_of(name)
    result = Result({"type": "document" if document in DOCUMENTS else "archive"})
    try:
        archive = zipfile.ZipFile(path)
    except ZIP_ERRORS:
        yield result.with_finding(FindingCode.UNREADABLE)
        return
    with archive:
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        result.facts["entries"] = len(files)
        if not files:
            yield result.with_finding(FindingCode.ARCHIVE_EMPTY)
            return
        packed = sum(entry.compress_size for entry in files)
        totals = Totals()
        _add(archive, totals, packed, depth=0)
        result.facts["unpacked"] = totals.unpacked
        result = _checked(result, archive, totals, packed, DOCUMENTS.get(document))
        yield result
        if document not in DOCUMENTS and len(files) <= SHOWN_ENTRIES_MAX and not result.is_broken:
            yield from _with_contents(result, archive)


def _with_contents(result: Result, archive: zipfile.ZipFile) -> Iterator[Result]:
    # Pillow is loaded only for what has been found harmless.
    from submissions.inspection import archive_contents as contents

    result = replace(result, contents=contents.read(archive))
    yield result
    yield replace(result, thumbnail=contents.pictures(archive))


def _checked(
    result: Result, archive: zipfile.ZipFile, totals: Totals, packed: int, must_have: str | None
) -> Result:
    if totals.is_bomb(packed):
        return result.with_finding(FindingCode.ARCHIVE_BOMB)
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        return result.with_finding(FindingCode.ENCRYPTED)
    if must_have and must_have not in archive.namelist():
        return result.with_finding(FindingCode.UNREADABLE)
    if totals.damaged_names:
        return result.with_finding(FindingCode.DAMAGED, entry=totals.damaged_names[0])
    if totals.odd_names:
        return result.with_finding(FindingCode.ARCHIVE_ODD_NAMES, entry=totals.odd_names[0])
    return result


def _add(archive: zipfile.ZipFile, totals: Totals, packed: int, *, depth: int) -> None:
    totals.depth = max(totals.depth, depth)
    for entry in archive.infolist():
        totals.entries += 1
        totals.unpacked += entry.file_size
        if _is_odd(entry.orig_filename):
            totals.odd_names.append(entry.orig_filename)
        if totals.is_bomb(packed):
            return
    for entry in archive.infolist():
        if entry.is_dir() or entry.flag_bits & 1:
            continue
        if entry.filename.lower().endswith(".zip") and entry.file_size <= NESTED_BYTES_MAX:
            _add_nested(archive, entry, totals, packed, depth=depth + 1)
        elif totals.bytes_left > 0:
            _read(archive, entry, totals)
        if totals.damaged_names or totals.is_bomb(packed):
            return


def _add_nested(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, totals: Totals, packed: int, *, depth: int
) -> None:
    if totals.bytes_left < entry.file_size:
        return
    totals.bytes_left -= entry.file_size
    try:
        inner = zipfile.ZipFile(io.BytesIO(archive.read(entry)))
    except NotImplementedError:
        return
    except ZIP_ERRORS:
        totals.damaged_names.append(entry.filename)
        return
    with inner:
        _add(inner, totals, packed, depth=depth)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, totals: Totals) -> None:
    """`zipfile` verifies the checksum at the end of the entry."""
    try:
        with archive.open(entry) as file:
            while totals.bytes_left > 0 and (block := file.read(BLOCK)):
                totals.bytes_left -= len(block)
    except ZIP_ERRORS:
        totals.damaged_names.append(entry.filename)
    except NotImplementedError:
        pass  # a compression that Python lacks, such as Deflate64 of Windows


def _is_odd(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return (
        ".." in parts
        or name.startswith(("/", "\\"))
        or re.match(r"[A-Za-z]:", name) is not None
        or not name.isprintable()
        or max(map(len, parts)) > 200
    )
