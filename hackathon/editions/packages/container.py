"""The file of a package: a brief and its attachments, encrypted by `core.encryption`.

The plain text is the length of the manifest (u32, big-endian), the manifest (JSON: `title`, `html`
and the `attachments` with `id`, `name`, `type`, `size`, `sha256`), the bytes of the attachments one
after the other, and zeros up to `rules.padded_size`.
"""

import hashlib
import json
import mimetypes
import os
import struct
from collections.abc import Iterable, Iterator
from typing import Any

from hackathon.core import encryption
from hackathon.core.file_responses import BLOCK, INLINE_TYPES, OPAQUE
from hackathon.core.received_files import ReceivedFile
from hackathon.editions.models import Brief, BriefAttachment
from hackathon.editions.packages import rules

type Texts = dict[str, Any]
type Entry = dict[str, str | int]
type Part = tuple[Entry, Iterable[bytes]]


class DamagedAttachment(Exception):
    pass


def contents(brief: Brief | None, attachments: list[BriefAttachment]) -> tuple[Texts, list[Part]]:
    texts = {"title": brief.title if brief else "", "html": brief.html if brief else ""}
    return texts, [(_manifest_entry(a), _bytes_of(a)) for a in attachments]


def seal(texts: Texts, parts: list[Part], key: str) -> ReceivedFile:
    """The file is in the upload directory. `texts`: the manifest without attachments. Each part is
    an entry of the manifest with its bytes. Raises `DamagedAttachment`.
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
    left = rules.padded_size(size) - size
    while left:
        yield bytes(min(left, BLOCK))
        left -= min(left, BLOCK)


def _manifest_entry(attachment: BriefAttachment) -> Entry:
    content_type = mimetypes.guess_type(attachment.filename)[0]
    return {
        "id": str(attachment.pk),
        "name": attachment.filename,
        "type": content_type if content_type in INLINE_TYPES else OPAQUE,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }


def _bytes_of(attachment: BriefAttachment) -> Iterator[bytes]:
    digest = hashlib.sha256()
    try:
        with attachment.file.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                yield block
    except FileNotFoundError as error:
        raise DamagedAttachment(attachment.pk) from error
    if digest.hexdigest() != attachment.sha256:
        raise DamagedAttachment(attachment.pk)
