"""What may be handed in: formats, sizes, links and texts."""

import ipaddress
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from hackathon.core.errors import Refusal, refuse
from hackathon.core.formats import size_text
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.models import TEXT_MAX_CHARS, Deliverable, Submission

URL_MAX_CHARS = 2000

# File extensions that mean the same format.
_SAME_FORMAT = {
    extension: extensions
    for extensions in (("jpg", "jpeg"), ("tif", "tiff"), ("htm", "html"), ("mpg", "mpeg"))
    for extension in extensions
}

_validate_url = URLValidator(schemes=["http", "https"])


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
