"""A secret brief and its package."""

from datetime import timedelta
from typing import Any

from hackathon.accounts.models import User
from hackathon.core.received_files import received_file
from hackathon.editions.models import Brief, BriefPackage, Department, Edition
from hackathon.editions.packages import selectors
from hackathon.editions.packages import services as packages
from hackathon.editions.services import briefs
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
