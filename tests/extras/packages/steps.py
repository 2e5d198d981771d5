"""A secret brief, its package, and how browsers open that."""

import json
import struct
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hackathon.base.accounts.models import User
from hackathon.base.core import encryption
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Brief, BriefAttachment, Department, Edition
from hackathon.event.editions.services import briefs
from hackathon.extras.packages import selectors
from hackathon.extras.packages import services as packages
from hackathon.extras.packages.models import BriefPackage
from tests.conftest import NOON

FILES = {"plan.pdf": b"%PDF-1.4 Zanzibar", "données.zip": b"PK" + bytes(range(256)) * 5000}
HOUR = timedelta(hours=1)


def write_brief(department: Department, eve: User, **changes: Any) -> Brief:
    fields: dict[str, Any] = {
        "title": "Zanzibar",
        "body": "Un **texte**",
        "published_at": NOON + HOUR,
        "at": NOON,
        **changes,
    }
    attachments = [] if hasattr(department, "brief") else FILES.items()
    files = [received_file(content, name) for name, content in attachments]
    return briefs.save(department=department, attachments=files, by=eve, **fields)


def make_package(department: Department, **at: Any) -> BriefPackage:
    package = packages.make(department.pk, at=at.get("at", NOON))
    assert package is not None
    return package


def current_packages(edition: Edition, department: Department) -> list[BriefPackage]:
    return selectors.packages_of(edition, [department.pk])


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
