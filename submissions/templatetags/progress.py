"""These tags need no `{% load %}`. Unknown values raise `ValueError`."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hackathon.base.core.formats import clock_seconds, minutes_text
from hackathon.base.core.templatetags.components import badge
from submissions.board import Window
from submissions.enums import ProgressState, Punctuality
from submissions.versions.progress import TeamProgress

register = template.Library()

WINDOW_SIZES = ("s", "m", "l", "fill")
BADGE_KINDS = {Punctuality.ON_TIME: "ok", Punctuality.IN_GRACE: "info", Punctuality.LATE: "alarm"}


# A small window without a state is dark.
SMALL_STATES = {state: format_html(" class={}", state.value) for state in ProgressState}
SMALL_STATES[ProgressState.NOTHING] = SafeString()


@register.simple_tag
def window(state: str, label: str, size: str = "m", key: str = "") -> SafeString:
    """`label` is the accessible name. With a `key`, a change of the state is animated."""
    if size not in WINDOW_SIZES:
        raise ValueError(f"Unknown window size {size!r}; known are {', '.join(WINDOW_SIZES)}.")
    value, name = ProgressState(state).value, conditional_escape(label)
    small = "" if size == "m" else f" is-{size}"
    data = ""
    if key:
        key = conditional_escape(key)
        data = f' id="window-{key}" data-window-key="{key}" data-window-state="{value}"'
    return mark_safe(  # noqa: S308 - escaped; a page has one for each team
        f'<span class="window is-{value}{small}" role="img" aria-label="{name}" title="{name}"'
        f"{data}></span>\n"
    )


@register.simple_tag
def small_panes(teams: Iterable[TeamProgress]) -> SafeString:
    """Windows without text, 20 to 40 bytes each: for a façade of more than a hundred teams."""
    panes = ((team.team.pk, SMALL_STATES[team.state]) for team in teams)
    return format_html_join("", "<i data-pane={}{}></i>", panes)


@register.simple_tag
def punctuality_badge(punctuality: str) -> SafeString:
    mark = Punctuality(punctuality)
    return badge(str(mark.label), BADGE_KINDS[mark])


@register.simple_tag
def counted_badge(announced_at: datetime | None) -> SafeString:
    """At which instant it counts as received, if that is earlier than it was; else empty."""
    if announced_at is None:
        return SafeString()
    return badge(_("compte à %(time)s") % {"time": clock_seconds(announced_at)}, "info")


@register.simple_tag
def announced_badge(at: datetime) -> SafeString:
    """Of bytes that have not come."""
    return badge(_("annoncé à %(time)s") % {"time": clock_seconds(at)}, "info")


def _state_text(progress: TeamProgress | Window) -> str:
    if progress.state == ProgressState.SOMETHING:
        return _("%(n)s sur %(total)s") % {"n": progress.received, "total": progress.total}
    return str(progress.state.label)


def _labelled(name: str, progress: TeamProgress | Window) -> str:
    return _("%(what)s : %(value)s") % {"what": name, "value": _state_text(progress)}


@register.filter
def public_label(progress: TeamProgress) -> str:
    return _labelled(progress.team.name, progress)


@register.filter
def control_label(window: Window) -> str:
    where = _("%(team)s, salle %(room)s") if window.room else "%(team)s"
    label = _labelled(where % {"team": window.name, "room": window.room}, window)
    if window.received and window.missing:
        names = ", ".join(window.missing)
        label += " · " + _("il manque : %(names)s") % {"names": names}
    if window.delay_minutes:
        time = minutes_text(window.delay_minutes)
        label += " · " + _("délai de %(time)s") % {"time": time}
    return label
