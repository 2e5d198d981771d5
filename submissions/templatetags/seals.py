"""How a seal is written: its digest in groups that can be read out, instants of its manifest."""

from datetime import datetime

from django import template

register = template.Library()

GROUP = 4


@register.filter
def groups(digest: str, number: int | None = None) -> list[str]:
    """The digest in groups of four figures; the first `number` of them."""
    found = [digest[start : start + GROUP] for start in range(0, len(digest), GROUP)]
    return found[:number]


@register.filter
def instant(written: str) -> datetime:
    """The instant that a manifest writes as ISO 8601."""
    return datetime.fromisoformat(written)
