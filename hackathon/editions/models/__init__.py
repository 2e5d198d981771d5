"""One year's event, and what is said during it."""

from hackathon.editions.models.announcement import (
    Announcement,
    AnnouncementMail,
    AnnouncementReach,
    ReadMark,
)
from hackathon.editions.models.edition import (
    Brief,
    BriefAttachment,
    BriefQuerySet,
    Department,
    Edition,
    EditionQuerySet,
    Milestone,
    attachment_key,
    validate_timezone,
)

__all__ = [
    "Announcement",
    "AnnouncementMail",
    "AnnouncementReach",
    "Brief",
    "BriefAttachment",
    "BriefQuerySet",
    "Department",
    "Edition",
    "EditionQuerySet",
    "Milestone",
    "ReadMark",
    "attachment_key",
    "validate_timezone",
]
