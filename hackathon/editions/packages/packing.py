"""Making a package: the brief as it is, locked with a key of its own (`core.encryption`).

What is locked: the length of the manifest (u32), the manifest (JSON: `title`, `html` and the
`attachments` with `id`, `name`, `type`, `size`, `sha256`), the attachments' bytes one after the
other, and zeros up to a round size.
"""

import hashlib
import json
import logging
import mimetypes
import os
import struct
from collections.abc import Iterator
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from hackathon.core import encryption
from hackathon.core.file_responses import BLOCK, INLINE_TYPES, OPAQUE
from hackathon.core.received_files import ReceivedFile
from hackathon.editions.models import Brief, BriefAttachment, BriefPackage, Edition, package_key
from hackathon.editions.packages import rules, selectors

logger = logging.getLogger(__name__)


class Damaged(Exception):
    """An attachment is not there, or not what was received."""


def pack(department_pk: int, *, at: datetime) -> BriefPackage | None:
    """Give the department a package of its brief as it is now; None if it has it already, or is to
    have none. Nobody waits meanwhile: if the brief changes under the work, that is thrown away.
    """
    department = selectors.department_to_pack(department_pk, at=at)
    if department is None:
        return None
    brief, attachments = selectors.brief_in(department)
    key, made = encryption.new_key(), BriefPackage(department=department, packed_at=at)
    try:
        with _locked_file(_plain(brief, attachments), key) as file:
            _prove(file, key)
            made.size, made.sha256 = file.tell(), file.sha256
            name = default_storage.save(package_key(made, ""), file)
    except Damaged as damaged:
        logger.error("No package for department %s: attachment %s", department_pk, damaged)
        return None
    made.file.name, made.key = name, key
    made.contents = rules.contents_of(brief, attachments)
    if _put_in_place(made, at=at):
        return made
    default_storage.delete(name)
    return None


def discard(package: BriefPackage) -> None:
    """Remove a package for good, its file once the open transaction commits."""
    storage, name = package.file.storage, str(package.file.name)
    package.delete()
    transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def _put_in_place(made: BriefPackage, *, at: datetime) -> bool:
    """Offer this package instead of the one before, if that is still what is missing."""
    Edition.objects.select_for_update().get(pk=made.department.edition_id)
    department = selectors.department_to_pack(made.department_id, at=at)
    if department is None:
        return False
    if made.contents != rules.contents_of(*selectors.brief_in(department)):
        return False
    if (former := getattr(department, "package", None)) is not None:
        discard(former)
    made.save(force_insert=True)
    return True


def _plain(brief: Brief | None, attachments: list[BriefAttachment]) -> Iterator[bytes]:
    manifest = json.dumps(
        {
            "title": brief.title if brief else "",
            "html": brief.html if brief else "",
            "attachments": [_described(attachment) for attachment in attachments],
        }
    ).encode()
    head = struct.pack(">I", len(manifest)) + manifest
    size = len(head) + sum(attachment.size for attachment in attachments)
    yield head
    for attachment in attachments:
        yield from _bytes_of(attachment)
    left = rules.padded(size) - size
    while left:
        yield bytes(min(left, BLOCK))
        left -= min(left, BLOCK)


def _described(attachment: BriefAttachment) -> dict[str, str | int]:
    kind = mimetypes.guess_type(attachment.filename)[0]
    return {
        "id": str(attachment.pk),
        "name": attachment.filename,
        "type": kind if kind in INLINE_TYPES else OPAQUE,
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
        raise Damaged(attachment.pk) from error
    if digest.hexdigest() != attachment.sha256:
        raise Damaged(attachment.pk)


def _locked_file(plain: Iterator[bytes], key: str) -> ReceivedFile:
    """The container, on the disk of the data, where storages move it from."""
    file = ReceivedFile("paquet", OPAQUE, 0, None)
    digest = hashlib.sha256()
    for piece in encryption.encrypt(plain, key):
        file.write(piece)
        digest.update(piece)
    file.flush()
    os.fsync(file.fileno())
    file.size, file.sha256 = file.tell(), digest.hexdigest()
    return file


def _prove(file: ReceivedFile, key: str) -> None:
    """It opens: four hundred people are not to find out that it does not."""
    file.seek(0)
    for _ in encryption.decrypt(file, key):
        pass
