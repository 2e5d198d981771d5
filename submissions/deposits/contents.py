"""What may be handed in, by whom: shape and size of files, links and texts."""

import ipaddress
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from hackathon.core.errors import Refusal, refuse
from hackathon.core.formats import filesize_fr
from hackathon.editions.errors import EditionRefusal
from hackathon.editions.rules import results_are_public
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.models import TEXT_MAX_CHARS, Deliverable
from teams.models import Team

URL_MAX_CHARS = 2000

# Endings that mean one format.
_SAME = {
    ending: endings
    for endings in (("jpg", "jpeg"), ("tif", "tiff"), ("htm", "html"), ("mpg", "mpeg"))
    for ending in endings
}

_is_url = URLValidator(schemes=["http", "https"])


def member_refusal(deliverable: Deliverable, team: Team, *, is_member: bool) -> Refusal | None:
    """Whether this person may hand this deliverable in for `team`: a member, and it asks theirs."""
    if is_member and deliverable.department_id == team.department_id:
        return None
    return refuse(DepositRefusal.NOT_MEMBER)


def kind_refusal(deliverable: Deliverable, kind: DeliverableKind) -> Refusal | None:
    """Whether the deliverable is asked as a `kind`."""
    if deliverable.kind == kind:
        return None
    return refuse(DepositRefusal.WRONG_KIND, expected=DeliverableKind(deliverable.kind).label)


def file_refusal(deliverable: Deliverable, *, filename: str, size: int) -> Refusal | None:
    """Whether a file of this name and size (bytes) has the shape asked for."""
    if refusal := kind_refusal(deliverable, DeliverableKind.FILE):
        return refusal
    if size == 0:
        return refuse(DepositRefusal.EMPTY)
    if not has_format(deliverable, filename):
        return refuse(
            DepositRefusal.WRONG_FORMAT, filename=filename, formats=format_names(deliverable)
        )
    if size > deliverable.max_bytes:
        return refuse(
            DepositRefusal.TOO_LARGE,
            size=filesize_fr(size),
            max=filesize_fr(deliverable.max_bytes),
        )
    return None


def has_format(deliverable: Deliverable, filename: str) -> bool:
    """Whether the name ends as asked; a deliverable without formats takes any."""
    lower = filename.lower()
    endings = accepted_endings(deliverable)
    return not endings or any(lower.endswith(f".{ending}") for ending in endings)


def accepted_endings(deliverable: Deliverable) -> list[str]:
    """The formats asked, each with the other ways of writing it: a phone says .jpeg for a JPG."""
    return [ending for name in deliverable.formats for ending in _SAME.get(name, (name,))]


def format_names(deliverable: Deliverable) -> str:
    """« PDF, ZIP »; empty when any format will do."""
    return ", ".join(name.upper() for name in deliverable.formats)


def link_refusal(deliverable: Deliverable, url: str) -> Refusal | None:
    """Whether `url` is a web address that a jury can open from where it sits."""
    if refusal := kind_refusal(deliverable, DeliverableKind.LINK):
        return refusal
    if not url.strip():
        return refuse(DepositRefusal.EMPTY)
    try:
        if len(url) > URL_MAX_CHARS:
            return refuse(DepositRefusal.BAD_LINK)
        _is_url(url)
        host = urlsplit(url).hostname or ""
    except (ValidationError, ValueError):
        return refuse(DepositRefusal.BAD_LINK)
    if _is_this_machine(host):
        return refuse(DepositRefusal.LOCAL_LINK, host=host)
    return None


def text_refusal(deliverable: Deliverable, text: str) -> Refusal | None:
    """Whether `text` says something, and not too much."""
    if refusal := kind_refusal(deliverable, DeliverableKind.TEXT):
        return refusal
    if not text.strip():
        return refuse(DepositRefusal.EMPTY)
    if len(text) > TEXT_MAX_CHARS:
        return refuse(DepositRefusal.TOO_LONG, length=len(text), max=TEXT_MAX_CHARS)
    return None


def _is_this_machine(host: str) -> bool:
    """Whether the name leads to whoever opens it."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def entry_refusal(
    deliverable: Deliverable, team: Team, *, reason: str, organizer: bool, at: datetime
) -> Refusal | None:
    """Whether an organizer may enter a deposit for `team`: at any hour until the results are
    published, and saying why. Its mark is computed like any other's.
    """
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    if deliverable.department_id != team.department_id:
        return refuse(DepositRefusal.NOT_MEMBER)
    if results_are_public(team.edition, at=at):
        return refuse(DepositRefusal.ENTRY_CLOSED)
    return None if reason.strip() else refuse(DepositRefusal.ENTRY_REASON)
