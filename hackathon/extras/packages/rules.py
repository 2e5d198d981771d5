import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from hackathon.base.core import extras
from hackathon.event.editions import rules
from hackathon.event.editions.models import Brief, BriefAttachment, Edition
from hackathon.extras.packages.models import BriefPackage

# Pages start their download at a random time within half of the remaining time, at most within
# this: it spreads 400 downloads.
SPREAD = timedelta(minutes=20)
# In the last minutes pages wait for a click.
LAST_MINUTES = timedelta(minutes=2)


def contents_digest(brief: Brief | None, attachments: Iterable[BriefAttachment]) -> str:
    """The digest of all that a package of this brief contains; no brief has a digest too."""
    contents = brief and [
        brief.title,
        brief.body,
        [[str(a.pk), a.filename, a.size, a.sha256] for a in attachments],
    ]
    return hashlib.sha256(json.dumps(contents).encode()).hexdigest()


def has_packages(edition: Edition, *, at: datetime) -> bool:
    """Whether packages of this edition are kept: it is the one shown, and it is not over."""
    return edition.is_current and at <= edition.deadline_at


def needs_package(edition: Edition, brief: Brief | None, *, at: datetime) -> bool:
    """Whether a package is made. Not for a published brief, which pages read as it is."""
    is_kept = has_packages(edition, at=at) and extras.is_on("packages", edition)
    return is_kept and not key_is_public(brief, at=at)


def is_up_to_date(
    package: BriefPackage, brief: Brief | None, attachments: Iterable[BriefAttachment]
) -> bool:
    return package.contents == contents_digest(brief, attachments)


def key_is_public(brief: Brief | None, *, at: datetime) -> bool:
    return brief is not None and rules.brief_is_published(brief, at=at)


def begin_within(moment: datetime | None, *, at: datetime) -> timedelta | None:
    """How long pages may delay their download; None: they wait for a click.

    `moment`: the public milestone at which briefs are expected.
    """
    if moment is None:
        return SPREAD
    left = moment - at
    return None if left < LAST_MINUTES else min(SPREAD, left / 2)
