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
from collections.abc import Iterator

from hackathon.core import encryption
from hackathon.core.file_responses import BLOCK, INLINE_TYPES, OPAQUE
from hackathon.core.received_files import ReceivedFile
from hackathon.editions.models import Brief, BriefAttachment
from hackathon.editions.packages import rules


class DamagedAttachment(Exception):
    pass


def write(brief: Brief | None, attachments: list[BriefAttachment], key: str) -> ReceivedFile:
    """The file is in the upload directory. Raises `DamagedAttachment`."""
    file = ReceivedFile("paquet", OPAQUE, 0, None)
    digest = hashlib.sha256()
    for piece in encryption.encrypt(_plain(brief, attachments), key):
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


def _plain(brief: Brief | None, attachments: list[BriefAttachment]) -> Iterator[bytes]:
    manifest = json.dumps(
        {
            "title": brief.title if brief else "",
            "html": brief.html if brief else "",
            "attachments": [_manifest_entry(attachment) for attachment in attachments],
        }
    ).encode()
    head = struct.pack(">I", len(manifest)) + manifest
    size = len(head) + sum(attachment.size for attachment in attachments)
    yield head
    for attachment in attachments:
        yield from _bytes_of(attachment)
    left = rules.padded_size(size) - size
    while left:
        yield bytes(min(left, BLOCK))
        left -= min(left, BLOCK)


def _manifest_entry(attachment: BriefAttachment) -> dict[str, str | int]:
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
