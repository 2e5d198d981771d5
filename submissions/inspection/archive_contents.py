"""What the jury sees of an archive of sources: its README, its tree and its pictures. Run in the
confined process; the archive has been checked before.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from PIL import Image

from submissions.inspection import thumbnails
from submissions.inspection.file_types import FileType, type_by_name
from submissions.inspection.images import READ_ERRORS as IMAGE_ERRORS
from submissions.inspection.result import ZIP_ERRORS

LINES_MAX = 300  # of the tree
DEPTH_MAX = 6  # deeper ones are indented as these
NAME_MAX = 200
EXCERPT_BYTES = 20_000
READ_FIRST = ("readme", "lisezmoi", "lisez-moi")
READ_THEN = ("index",)
MARKDOWN = (".md", ".markdown")
# Not the team's own work: one line each, with the number of files.
FOLDED = {"node_modules", ".git", "__pycache__", "vendor", ".venv", "venv", ".idea", ".vscode"}
IGNORED = {"__MACOSX", ".DS_Store", "Thumbs.db"}

PICTURES_MAX = 9
PICTURE_TYPES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
PICTURE_BYTES_MIN, PICTURE_BYTES_MAX = 2_000, 8_000_000  # smaller ones are icons
PICTURE_SIDE_MIN = 64
PIXELS_MAX = 60_000_000  # of all pictures
COLUMNS, CELL, GAP = 3, (400, 300), 8  # pixels

# With NotImplementedError for a compression that Python lacks, RuntimeError for a password.
UNREADABLE = (*ZIP_ERRORS, NotImplementedError, RuntimeError)


def read(archive: zipfile.ZipFile) -> dict[str, Any]:
    """`tree`: lines of [depth, name, bytes, files]; `files` is None for a file. `more`: how many
    lines are missing. `text`: the beginning of the file `name`.
    """
    files = [entry for entry in archive.infolist() if not entry.is_dir() and _is_own(entry)]
    lines = list(_tree(files))
    entry = _worth_reading(files)
    text = _excerpt(archive, entry) if entry else ""
    name = entry.filename if entry and text else ""
    return {
        "tree": lines[:LINES_MAX],
        "more": max(len(lines) - LINES_MAX, 0),
        "name": _printable(name),
        "is_markdown": _is_markdown(name),
        "text": text,
    }


def pictures(archive: zipfile.ZipFile) -> bytes:
    """One WebP with the largest pictures nearest to the root; empty without any."""
    cells: list[Image.Image] = []
    pixels = 0
    for entry in _pictures_in(archive.infolist()):
        try:
            image = Image.open(io.BytesIO(archive.read(entry)), formats=PICTURE_FORMATS)
            size = image.width * image.height
            if min(image.size) < PICTURE_SIDE_MIN or pixels + size > PIXELS_MAX:
                continue
            pixels += size
            image.draft("RGB", CELL)
            image.thumbnail(CELL, reducing_gap=2.0)
            cells.append(image.convert("RGBA"))
        except (*UNREADABLE, *IMAGE_ERRORS):
            continue
        if len(cells) == PICTURES_MAX:
            break
    return thumbnails.webp(_sheet(cells), side=_width(len(cells))) if cells else b""


def _sheet(cells: list[Image.Image]) -> Image.Image:
    rows = -(-len(cells) // COLUMNS)
    sheet = Image.new("RGBA", (_width(len(cells)), rows * (CELL[1] + GAP) - GAP), "white")
    for number, cell in enumerate(cells):
        row, column = divmod(number, COLUMNS)
        left = column * (CELL[0] + GAP) + (CELL[0] - cell.width) // 2
        top = row * (CELL[1] + GAP) + (CELL[1] - cell.height) // 2
        sheet.paste(cell, (left, top), cell)
    return sheet.convert("RGB")


def _width(cells: int) -> int:
    return min(cells, COLUMNS) * (CELL[0] + GAP) - GAP


def _pictures_in(entries: Iterable[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    found = [
        entry
        for entry in entries
        if entry.filename.lower().endswith(PICTURE_TYPES)
        and PICTURE_BYTES_MIN <= entry.file_size <= PICTURE_BYTES_MAX
        and _is_own(entry)
        and not FOLDED.intersection(_parts(entry))
    ]
    return sorted(found, key=lambda entry: (len(_parts(entry)), -entry.file_size))


def _tree(files: Iterable[zipfile.ZipInfo]) -> Iterator[list[Any]]:
    """Depth first, directories by name among the files."""
    files = sorted(files, key=lambda entry: _parts(entry))
    counts: Counter[tuple[str, ...]] = Counter()
    sizes: Counter[tuple[str, ...]] = Counter()
    for entry in files:
        parts = _parts(entry)
        for length in range(1, len(parts)):
            counts[parts[:length]] += 1
            sizes[parts[:length]] += entry.file_size
    open_folders: tuple[str, ...] = ()
    for entry in files:
        *folders, name = _parts(entry)
        for length in range(1, len(folders) + 1):
            folder = tuple(folders[:length])
            if folder != open_folders[:length]:
                shown = _printable(folder[-1]) + "/"
                yield [_depth(length - 1), shown, sizes[folder], counts[folder]]
            if folder[-1] in FOLDED:
                open_folders = folder
                break
        else:
            open_folders = tuple(folders)
            yield [_depth(len(folders)), _printable(name), entry.file_size, None]


def _depth(depth: int) -> int:
    return min(depth, DEPTH_MAX)


def _worth_reading(files: Iterable[zipfile.ZipInfo]) -> zipfile.ZipInfo | None:
    """A README nearest to the root, else the first text. None without a text."""
    texts = [
        entry
        for entry in files
        if (type_by_name(entry.filename) == FileType.TEXT or _is_readme(entry))
        and not FOLDED.intersection(_parts(entry))
    ]

    def order(entry: zipfile.ZipInfo) -> tuple[int, int]:
        name = _parts(entry)[-1].lower()
        rank = 0 if name.startswith(READ_FIRST) else 1 if name.startswith(READ_THEN) else 2
        return rank, len(_parts(entry))

    return min(texts, key=order, default=None)


def _is_readme(entry: zipfile.ZipInfo) -> bool:
    return _parts(entry)[-1].lower() in READ_FIRST  # without an extension


def _is_markdown(name: str) -> bool:
    return name.lower().endswith(MARKDOWN)


def _excerpt(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    try:
        with archive.open(entry) as opened:
            content = opened.read(EXCERPT_BYTES)
    except UNREADABLE:
        return ""
    return content.decode("utf-8-sig", "replace").replace("\x00", "\ufffd")


def _is_own(entry: zipfile.ZipInfo) -> bool:
    return not IGNORED.intersection(_parts(entry))


def _parts(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    return tuple(part for part in entry.filename.split("/") if part) or ("",)


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in name[:NAME_MAX])
