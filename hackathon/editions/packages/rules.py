"""Decisions about packages of briefs. Pure: `at` is an argument."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from hackathon.editions import rules
from hackathon.editions.models import Brief, BriefAttachment, BriefPackage, Edition

MIB = 1 << 20
# A page begins to fetch its package somewhere in half of the time that is left, and in at most
# this: four hundred laptops in twenty minutes.
SPREAD = timedelta(minutes=20)
# So near the moment nobody begins without being asked to.
TOO_NEAR = timedelta(minutes=2)


def contents_of(brief: Brief | None, attachments: Iterable[BriefAttachment]) -> str:
    """A digest of all that a package of this brief holds; of no brief, another one."""
    said = brief and [
        brief.title,
        brief.body,
        [[str(a.pk), a.filename, a.size, a.sha256] for a in attachments],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def padded(size: int) -> int:
    """The size to which `size` bytes are filled up: 1, 2, 3, 4, 6, 8, 12, 16… MiB, so that a
    package tells how large its contents are to within a half, and nothing below a MiB.
    """
    step = MIB
    while step < size:
        if 2 * size <= 3 * step and step > MIB:
            return step * 3 // 2
        step *= 2
    return step


def is_offered(edition: Edition, *, at: datetime) -> bool:
    """Whether the edition's packages are kept: it is the one that is shown, and not over."""
    return edition.is_current and at <= edition.deadline_at


def is_to_be_packed(edition: Edition, brief: Brief | None, *, at: datetime) -> bool:
    """Whether a package is made of it. Of a published brief none: pages just read it."""
    published = brief is not None and rules.brief_is_published(brief, at=at)
    return is_offered(edition, at=at) and not published


def is_current(
    package: BriefPackage, brief: Brief | None, attachments: Iterable[BriefAttachment]
) -> bool:
    """Whether it holds the brief as it is now."""
    return package.contents == contents_of(brief, attachments)


def key_is_public(brief: Brief | None, *, at: datetime) -> bool:
    """Whether the key of a current package may leave the server: exactly when the brief may."""
    return brief is not None and rules.brief_is_published(brief, at=at)


def begin_within(moment: datetime | None, *, at: datetime) -> timedelta | None:
    """How long from `at` pages may take to begin by themselves, if briefs are expected at `moment`,
    which everybody knows; None means not by themselves.
    """
    if moment is None:
        return SPREAD
    left = moment - at
    return None if left < TOO_NEAR else min(SPREAD, left / 2)
