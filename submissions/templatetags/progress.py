"""These tags need no `{% load %}`. Unknown values raise `ValueError`."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from hackathon.core.formats import duration_text
from submissions.deposits.selectors import TeamProgress
from submissions.enums import ProgressState, Punctuality

register = template.Library()

WINDOW_SIZES = ("s", "m", "l", "fill")
BADGE_KINDS = {Punctuality.ON_TIME: "ok", Punctuality.IN_GRACE: "warn", Punctuality.LATE: "alarm"}


@register.inclusion_tag("components/window.html")
def window(state: str, label: str, size: str = "m", key: str = "") -> dict[str, Any]:
    """`label` is the accessible name. With a `key`, a change of the state is animated."""
    if size not in WINDOW_SIZES:
        raise ValueError(f"Unknown window size {size!r}; known are {', '.join(WINDOW_SIZES)}.")
    return {"state": ProgressState(state).value, "label": label, "size": size, "key": key}


@register.inclusion_tag("components/badge.html")
def punctuality_badge(punctuality: str) -> dict[str, str]:
    found = Punctuality(punctuality)
    return {"text": str(found.label), "kind": BADGE_KINDS[found], "icon_name": ""}


def _state_text(progress: TeamProgress) -> str:
    if progress.state == ProgressState.SOMETHING:
        return _("%(n)s sur %(total)s") % {"n": progress.received, "total": progress.total}
    return str(progress.state.label)


@register.filter
def public_label(progress: TeamProgress) -> str:
    return f"{progress.team.name} : {_state_text(progress)}"


@register.filter
def control_label(progress: TeamProgress) -> str:
    team = progress.team
    where = _("%(team)s, salle %(room)s") if team.room else "%(team)s"
    label = f"{where % {'team': team.name, 'room': team.room}} : {_state_text(progress)}"
    if progress.received and progress.missing:
        names = ", ".join(deliverable.name for deliverable in progress.missing)
        label += " · " + _("il manque : %(names)s") % {"names": names}
    if progress.delay_minutes:
        time = duration_text(progress.delay_minutes * 60)
        label += " · " + _("délai de %(time)s") % {"time": time}
    return label
