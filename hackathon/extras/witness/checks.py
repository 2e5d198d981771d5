from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from hackathon.extras.witness.authorities import roots


@register
def authorities(**_kwargs: Any) -> list[CheckMessage]:
    """Without their certificates no answer could be verified."""
    problems: list[CheckMessage] = [
        Error(f"CCD_TIMESTAMP_AUTHORITIES: {address} is no http address.", id="witness.E001")
        for address in settings.TIMESTAMP_AUTHORITIES
        if not address.startswith(("https://", "http://"))
    ]
    if not settings.TIMESTAMP_AUTHORITIES:
        return problems
    try:
        readable = settings.TIMESTAMP_ROOTS is not None and bool(roots(settings.TIMESTAMP_ROOTS))
    except (OSError, ValueError):
        readable = False
    if not readable:
        text = "CCD_TIMESTAMP_ROOTS must be a PEM file with the certificates of the authorities."
        problems.append(Error(text, id="witness.E002"))
    return problems
