"""One year's event, and what is said during it."""

from hackathon.editions.models.edition import (
    Brief,
    BriefAttachment,
    BriefQuerySet,
    Department,
    Edition,
    EditionQuerySet,
    Milestone,
    attachment_key,
    is_timezone,
    validate_timezone,
)
from hackathon.editions.models.package import BriefPackage, package_key

__all__ = [
    "Brief",
    "BriefAttachment",
    "BriefPackage",
    "BriefQuerySet",
    "Department",
    "Edition",
    "EditionQuerySet",
    "Milestone",
    "attachment_key",
    "is_timezone",
    "package_key",
    "validate_timezone",
]
