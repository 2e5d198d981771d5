from datetime import datetime

from django import template

from submissions.seals import leaves
from submissions.seals.leaves import Manifest

register = template.Library()

GROUP = 4


@register.filter
def groups(digest: str, number: int | None = None) -> list[str]:
    """Groups of four characters; the first `number` of them."""
    parts = [digest[start : start + GROUP] for start in range(0, len(digest), GROUP)]
    return parts[:number]


@register.filter
def instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


@register.filter
def awaited(team: Manifest) -> list[Manifest]:
    return leaves.awaited_of(team)
