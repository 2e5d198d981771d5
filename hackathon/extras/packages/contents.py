"""What is in a package: a brief and its attachments."""

import hashlib
import mimetypes
from collections.abc import Iterator

from hackathon.base.core.containers import Entry, Part, Texts
from hackathon.base.core.file_responses import BLOCK, INLINE_TYPES, OPAQUE
from hackathon.event.editions.models import Brief, BriefAttachment


class DamagedAttachment(Exception):
    pass


def contents(brief: Brief | None, attachments: list[BriefAttachment]) -> tuple[Texts, list[Part]]:
    """Reading a part raises `DamagedAttachment`."""
    texts = {"title": brief.title if brief else "", "html": brief.html if brief else ""}
    return texts, [(_manifest_entry(a), _bytes_of(a)) for a in attachments]


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
