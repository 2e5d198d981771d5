"""Slides of organizers. No access checks: callers show the current step."""

from collections import defaultdict

from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from judging.ceremony.steps import Key, Messages
from judging.enums import Anchor
from judging.models import CeremonyMessage


def messages_by_anchor(edition: Edition) -> Messages:
    """One query."""
    messages: dict[tuple[Anchor, Key | None], list[int]] = defaultdict(list)
    rows = CeremonyMessage.objects.filter(edition=edition)
    for pk, anchor, department in rows.values_list("pk", "anchor", "department"):
        messages[Anchor(anchor), department].append(pk)
    return messages


def messages_of(edition: Edition) -> list[CeremonyMessage]:
    return list(edition.ceremony_messages.select_related("department", "partner"))


def get_message_of(edition: Edition, pk: int) -> CeremonyMessage:
    """Raises `NotFound`."""
    messages = CeremonyMessage.objects.select_related("partner", "department")
    return get_or_not_found(messages, edition=edition, pk=pk)
