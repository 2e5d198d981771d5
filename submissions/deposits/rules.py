"""Whether a hand-in is received: who, when, how many, and what it is (formats, sizes, links)."""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.formats import size_text, visible
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.rules import results_are_public
from submissions import hand_ins
from submissions.budget import rules as budget_rules
from submissions.enums import DeliverableKind, ProgressState, Punctuality
from submissions.errors import DepositRefusal
from submissions.hand_ins import Claim
from submissions.models import TEXT_MAX_CHARS, Deliverable, Submission
from submissions.versions.rules import DepositFacts, Received, deposit_refusal, punctuality_of
from teams.models import Team

URL_MAX_CHARS = 2000

# File extensions that mean the same format.
_SAME_FORMAT = {
    extension: extensions
    for extensions in (("jpg", "jpeg"), ("tif", "tiff"), ("htm", "html"), ("mpg", "mpeg"))
    for extension in extensions
}

_validate_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Decision:
    """The first of `refusals` is the one to tell. The rest holds if there is none.

    `progress`: of the team, once the submission is received. `claim`: what it keeps.
    """

    refusals: list[Refusal]
    version: int
    punctuality: Punctuality
    progress: ProgressState
    changes_progress: bool
    claim: Claim | None


def decide(facts: DepositFacts, submission: Submission, sent: DeliverableKind) -> Decision:
    """About a submission that is complete. `sent`: of what kind, whatever is asked for."""
    versions = facts.versions_of(submission.deliverable)
    version = 1 + max((v.version for v in versions), default=0)
    begun_at, at, size = submission.begun_at, submission.received_at, submission.size
    claim = hand_ins.kept_by(facts.claims, submission)
    announced_at = claim.at if claim else None
    new = Received(
        0, facts.team.pk, submission.deliverable_id, version, begun_at, at, size, announced_at
    )
    progress, period = facts.progress(new), facts.periods.of(submission.deliverable_id)
    refusals = _deposit_refusals(facts, submission, sent, announced_at)
    return Decision(
        refusals=[r for r in refusals if r is not None],
        version=version,
        punctuality=punctuality_of(
            period, begun_at=begun_at, received_at=at, announced_at=announced_at
        ),
        progress=progress,
        # A first version also changes the number of deliverables that the pages show.
        changes_progress=version == 1 or progress != facts.progress(),
        claim=claim,
    )


def _deposit_refusals(
    facts: DepositFacts,
    submission: Submission,
    sent: DeliverableKind,
    announced_at: datetime | None,
) -> Iterator[Refusal | None]:
    """What was sent comes after who and when: a team should not shrink a file only to learn that
    the deadline has passed. Neither deadline nor budget binds an entry.
    """
    team, deliverable = facts.team, submission.deliverable
    begun_at, at, size = submission.begun_at, submission.received_at, submission.size
    versions = facts.versions_of(deliverable)
    if facts.is_entry:
        reason, organizer = submission.entry_reason, facts.may_hand_in
        yield entry_refusal(deliverable, team, reason=reason, organizer=organizer, at=at)
    else:
        yield member_refusal(deliverable, team, is_member=facts.may_hand_in)
        period = facts.periods.of(deliverable.pk)
        yield deposit_refusal(
            team.edition, period, begun_at=begun_at, at=at, announced_at=announced_at
        )
        yield budget_rules.versions_refusal(len(versions))
    yield content_refusal(submission, sent)
    if facts.space is not None:
        yield budget_rules.space_refusal(facts.space, size=size, is_first=not versions)
        if not facts.is_entry:
            yield budget_rules.bytes_refusal(facts.budget, deliverable, size=size)


def begin_refusals(
    facts: DepositFacts, deliverable: Deliverable, *, filename: str, size: int, at: datetime
) -> list[Refusal]:
    """Why a resumable upload may not begin; the first one is the one to tell."""
    versions, period = facts.versions_of(deliverable), facts.periods.of(deliverable.pk)
    waited = hand_ins.waited_for(facts.claims, deliverable.pk, size=size)
    announced_at = waited[0].at if waited else None
    refusals = [
        deposit_refusal(facts.team.edition, period, begun_at=at, at=at, announced_at=announced_at),
        file_refusal(deliverable, filename=filename, size=size),
        budget_rules.versions_refusal(len(versions)),
        budget_rules.open_uploads_refusal(facts.budget),
        budget_rules.bytes_refusal(facts.budget, deliverable, size=size),
    ]
    if facts.space is not None:
        refusals.append(budget_rules.space_refusal(facts.space, size=size, is_first=not versions))
    return [refusal for refusal in refusals if refusal is not None]


# ---------------------------------------------------------------- who


def member_refusal(deliverable: Deliverable, team: Team, *, is_member: bool) -> Refusal | None:
    if is_member and deliverable.department_id == team.department_id:
        return None
    return refuse(DepositRefusal.NOT_MEMBER)


def entry_refusal(
    deliverable: Deliverable, team: Team, *, reason: str, organizer: bool, at: datetime
) -> Refusal | None:
    """Possible after the deadline: the entry is then late, as any deposit."""
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if deliverable.department_id != team.department_id:
        return refuse(DepositRefusal.NOT_MEMBER)
    if results_are_public(team.edition, at=at):
        return refuse(DepositRefusal.ENTRY_CLOSED)
    return None if reason.strip() else refuse(DepositRefusal.ENTRY_REASON)


# ---------------------------------------------------------------- what


def content_refusal(submission: Submission, sent: DeliverableKind) -> Refusal | None:
    deliverable = submission.deliverable
    if sent == DeliverableKind.FILE:
        return file_refusal(deliverable, filename=submission.filename, size=submission.size)
    if sent == DeliverableKind.LINK:
        return link_refusal(deliverable, submission.url)
    return text_refusal(deliverable, submission.text)


def file_refusal(deliverable: Deliverable, *, filename: str, size: int) -> Refusal | None:
    if refusal := _kind_refusal(deliverable, DeliverableKind.FILE):
        return refusal
    if size == 0:
        return refuse(DepositRefusal.EMPTY)
    if not _has_accepted_format(deliverable, filename):
        formats = ", ".join(name.upper() for name in deliverable.formats)
        return refuse(DepositRefusal.WRONG_FORMAT, filename=filename, formats=formats)
    if size > deliverable.max_bytes:
        return refuse(
            DepositRefusal.TOO_LARGE,
            size=size_text(size),
            max=size_text(deliverable.max_bytes),
        )
    return None


def link_refusal(deliverable: Deliverable, url: str) -> Refusal | None:
    if refusal := _kind_refusal(deliverable, DeliverableKind.LINK):
        return refusal
    if not url.strip():
        return refuse(DepositRefusal.EMPTY)
    try:
        if len(url) > URL_MAX_CHARS:
            return refuse(DepositRefusal.BAD_LINK)
        _validate_url(url)
        host = urlsplit(url).hostname or ""
    except (ValidationError, ValueError):
        return refuse(DepositRefusal.BAD_LINK)
    if visible(url) != url:
        return refuse(DepositRefusal.INVISIBLE)
    if _is_loopback(host):
        return refuse(DepositRefusal.LOCAL_LINK, host=host)
    return None


def text_refusal(deliverable: Deliverable, text: str) -> Refusal | None:
    if refusal := _kind_refusal(deliverable, DeliverableKind.TEXT):
        return refusal
    if not text.strip():
        return refuse(DepositRefusal.EMPTY)
    if len(text) > TEXT_MAX_CHARS:
        return refuse(DepositRefusal.TOO_LONG, length=len(text), max=TEXT_MAX_CHARS)
    return None


def accepted_extensions(deliverable: Deliverable) -> list[str]:
    """Without dots. Empty: every format is accepted."""
    return [
        extension for name in deliverable.formats for extension in _SAME_FORMAT.get(name, (name,))
    ]


def _kind_refusal(deliverable: Deliverable, kind: DeliverableKind) -> Refusal | None:
    if deliverable.kind == kind:
        return None
    return refuse(DepositRefusal.WRONG_KIND, expected=DeliverableKind(deliverable.kind).label)


def _has_accepted_format(deliverable: Deliverable, filename: str) -> bool:
    accepted = accepted_extensions(deliverable)
    lower = filename.lower()
    return not accepted or any(lower.endswith(f".{extension}") for extension in accepted)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
