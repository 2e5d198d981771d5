"""Tags for the two states of deposits. They need no `{% load %}`.

An unknown state or size raises `ValueError`, so that a test sees the mistake.
"""

from typing import Any

from django import template

from submissions.enums import ProgressState, Punctuality

register = template.Library()

WINDOW_SIZES = ("s", "m", "l", "fill")
BADGE_KINDS = {Punctuality.ON_TIME: "ok", Punctuality.IN_GRACE: "warn", Punctuality.LATE: "alarm"}


@register.inclusion_tag("components/window.html")
def window(state: str, label: str, size: str = "m", key: str = "") -> dict[str, Any]:
    """A lit, half lit, dark or hatched window; `label` is its accessible name.

    With a `key` the browser animates the window once when its state changes.
    """
    if size not in WINDOW_SIZES:
        raise ValueError(f"Unknown window size {size!r}; known are {', '.join(WINDOW_SIZES)}.")
    return {"state": ProgressState(state).value, "label": label, "size": size, "key": key}


@register.inclusion_tag("components/badge.html")
def punctuality_badge(punctuality: str) -> dict[str, str]:
    found = Punctuality(punctuality)
    return {"text": str(found.label), "kind": BADGE_KINDS[found], "icon_name": ""}
