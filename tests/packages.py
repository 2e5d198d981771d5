"""Opening a package in Python, as browsers do."""

import json
import struct
from dataclasses import dataclass
from typing import Any

from hackathon.core import encryption
from hackathon.editions.models import BriefAttachment, BriefPackage


@dataclass(frozen=True)
class Opened:
    """What was in a package."""

    title: str
    html: str
    attachments: list[dict[str, Any]]
    files: list[bytes]
    padding: bytes


def sent_bytes(kept: BriefPackage | BriefAttachment) -> bytes:
    """It as it lies in the storage."""
    with kept.file.open("rb") as file:
        return file.read()


def open_package(package: BriefPackage, key: str) -> Opened:
    """The contents. Raises `Altered` for another key."""
    with package.file.open("rb") as file:
        plain = b"".join(encryption.decrypt(file, key))
    (length,) = struct.unpack_from(">I", plain)
    manifest = json.loads(plain[4 : 4 + length])
    files, at = [], 4 + length
    for attachment in manifest["attachments"]:
        files.append(plain[at : at + attachment["size"]])
        at += attachment["size"]
    return Opened(**manifest, files=files, padding=plain[at:])
