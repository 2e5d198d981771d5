"""Files that browsers may have before they get the key: texts and files in a container that
`core.encryption` encrypts. Browsers read them in `static/js/container-format.js`.

The plain text is the length of the manifest (u32, big-endian), the manifest (JSON: the texts, and
the `attachments` with their `size`), the bytes of the attachments one after the other, and zeros up
to `padded_size`.
"""

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponseBase

from hackathon.base.core import encryption
from hackathon.base.core.file_responses import BLOCK, OPAQUE, file_response
from hackathon.base.core.received_files import ReceivedFile

type Texts = dict[str, Any]
type Entry = dict[str, str | int]
type Part = tuple[Entry, Iterable[bytes]]

MIB = 1 << 20


class Row(Protocol):
    """Of a table of such files. `sha256`: of the encrypted file."""

    file: FieldFile
    size: Any
    sha256: Any
    key: Any


def fill(row: Row, texts: Texts, parts: list[Part]) -> None:
    """Sets the fields of an unsaved row, with a new key. Raises what reading a part raises."""
    row.key = encryption.new_key()
    with seal(texts, parts, row.key) as file:
        verify(file, row.key)
        row.size, row.sha256 = file.tell(), file.sha256
        row.file.save("", file, save=False)


def encrypted_file(row: Row, request: HttpRequest) -> HttpResponseBase:
    return file_response(
        row.file,
        filename="paquet",
        content_type=OPAQUE,
        inline=False,
        digest=row.sha256,
        request=request,
    )


def padded_size(size: int) -> int:
    """1, 2, 3, 4, 6, 8, 12, 16… MiB: it reveals `size` (in bytes) only to within a half."""
    step = MIB
    while step < size:
        if 2 * size <= 3 * step and step > MIB:
            return step * 3 // 2
        step *= 2
    return step


def seal(texts: Texts, parts: list[Part], key: str) -> ReceivedFile:
    """The file is in the upload directory. `texts`: the manifest without attachments. Each part is
    an entry of the manifest with its bytes.
    """
    file = ReceivedFile("paquet", OPAQUE, 0, None)
    digest = hashlib.sha256()
    for piece in encryption.encrypt(_plain(texts, parts), key):
        file.write(piece)
        digest.update(piece)
    file.flush()
    os.fsync(file.fileno())
    file.size, file.sha256 = file.tell(), digest.hexdigest()
    return file


def verify(file: ReceivedFile, key: str) -> None:
    """Decrypt the file once before browsers depend on it. Raises `encryption.Altered`."""
    file.seek(0)
    for _ in encryption.decrypt(file, key):
        pass


def _plain(texts: Texts, parts: list[Part]) -> Iterator[bytes]:
    entries = [entry for entry, _blocks in parts]
    manifest = json.dumps({**texts, "attachments": entries}).encode()
    head = struct.pack(">I", len(manifest)) + manifest
    size = len(head) + sum(int(entry["size"]) for entry in entries)
    yield head
    for _entry, blocks in parts:
        yield from blocks
    left = padded_size(size) - size
    while left:
        yield bytes(min(left, BLOCK))
        left -= min(left, BLOCK)
