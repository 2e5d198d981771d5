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
    is_timezone,
    validate_timezone,
)
from hackathon.editions.models.package import BriefPackage, package_key
from hackathon.editions.models.question import CannedAnswer, Publication, Question
from hackathon.editions.models.screen import ScreenChoice

__all__ = [
    "Announcement",
    "AnnouncementMail",
    "AnnouncementReach",
    "Brief",
    "BriefAttachment",
    "BriefPackage",
    "BriefQuerySet",
    "CannedAnswer",
    "Department",
    "Edition",
    "EditionQuerySet",
    "Milestone",
    "Publication",
    "Question",
    "ReadMark",
    "ScreenChoice",
    "attachment_key",
    "is_timezone",
    "package_key",
    "validate_timezone",
]
