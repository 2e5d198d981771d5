"""The pieces that every page is made of; `docs/look.md` shows each. They need no `{% load %}`.

Arguments are checked: an unknown state, kind, size or icon raises, so that a test sees the mistake.
"""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hackathon.core import clock, typography
from hackathon.core.typography import spoken_date

register = template.Library()

WINDOW_STATES = ("nothing", "something", "complete", "late")
BADGE_KINDS = ("muted", "info", "ok", "warn", "alarm", "lamp")
MARKS = {
    "on_time": (gettext_lazy("à l’heure"), "ok"),
    "in_grace": (gettext_lazy("dans la marge"), "warn"),
    "late": (gettext_lazy("en retard"), "alarm"),
}
SKY_STEPS = 20
# What is left, in seconds, and how the number looks from there on.
COUNTDOWN_STATES = ((0, "over"), (60, "last"), (600, "soon"), (3600, "hour"))
FOLLOWED = (
    "",
    "deadline",
    "launch",
    "registration",
)  # of the edition; js/countdown.js moves with it
LONG_TEXT = 6  # characters that the largest size has room for
NARROW = "\u202f"  # the no-break space that French puts before a unit


def _check(value: str, allowed: Iterable[str], what: str) -> str:
    allowed = tuple(allowed)
    if value not in allowed:
        raise ValueError(f"Unknown {what} {value!r}; known are {', '.join(allowed)}.")
    return value


@cache
def _icon_paths(name: str) -> str:
    file = settings.TABLER_ICONS / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.exists():
        raise ValueError(f"Unknown icon {name!r}: there is no {name}.svg in Tabler's outline set.")
    drawing = file.read_text().partition(">")[2].rpartition("</svg>")[0]
    # Each file starts with an invisible square that only the package's own web font needs.
    return re.sub(r'<path stroke="none"[^>]*/>|\s+(?=<)', "", drawing).strip()


@register.simple_tag
def icon(name: str, size: str = "m") -> SafeString:
    """One of Tabler's outline icons, as inline SVG. Always decorative: the words say it too."""
    _check(size, ("m", "l", "xl"), "icon size")
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        "" if size == "m" else f" is-{size}",
        mark_safe(_icon_paths(name)),  # noqa: S308 - a file of the icon package
    )


@register.inclusion_tag("components/window.html")
def window(state: str, label: str, size: str = "m", key: str = "") -> dict[str, Any]:
    """A lit, half lit, dark or hatched window; `label` is what it says to who cannot see it.

    With a `key` the browser notices when the state changes, and makes the window glow once.
    """
    _check(state, WINDOW_STATES, "window state")
    _check(size, ("s", "m", "l", "fill"), "window size")
    return {"state": state, "label": label, "size": size, "key": key}


def countdown_text(remaining: timedelta) -> str:
    """What is left: days and hours, then 4:13:42, 13:42, and tenths in the last minute."""
    seconds = remaining.total_seconds()
    if seconds >= 86_400:
        days, rest = divmod(int(seconds), 86_400)
        return _("%(days)s j %(hours)s h") % {"days": days, "hours": rest // 3600}
    if seconds <= 60:
        tenths = max(0, math.ceil(seconds * 10))
        return formats.number_format(tenths / 10, decimal_pos=1)
    hours, rest = divmod(math.ceil(seconds), 3600)
    minutes, seconds_left = divmod(rest, 60)
    if hours:
        return f"{hours}:{minutes:02}:{seconds_left:02}"
    return f"{minutes}:{seconds_left:02}"


def countdown_state(remaining: timedelta) -> str:
    """`calm`, then `hour`, `soon` (ten minutes), `last` (one minute), `over`."""
    seconds = remaining.total_seconds()
    return next((state for limit, state in COUNTDOWN_STATES if seconds <= limit), "calm")


@register.inclusion_tag("components/countdown.html", takes_context=True)
def countdown(
    context: Context,
    at: datetime | None,
    label: str = "",
    follows: str = "",
    delay_seconds: int | None = None,
    size: str = "m",
    over: str = "",
    title: bool = False,
    spoken: bool = False,
) -> dict[str, Any]:
    """Time left until `at`, right as delivered; the browser counts on with the server's clock.

    `follows` moves it with that instant of the edition: `deadline` (plus `delay_seconds` of this
    team), `launch` or `registration` (its opening).
    """
    _check(size, ("s", "m", "l", "xl"), "countdown size")
    _check(follows, FOLLOWED, "instant to follow")
    remaining = at - (context.get("server_now") or clock.now()) if at else timedelta()
    state = countdown_state(remaining)
    over = over or _("Temps écoulé")
    text = over if state == "over" else countdown_text(remaining)
    return {
        "at": at,
        "iso": at.isoformat() if at else "",
        "text": text,
        "long": len(text) > LONG_TEXT,
        "state": state,
        "label": label,
        "follows": follows,
        "delay_seconds": delay_seconds,
        "size": size,
        "over": over,
        "title": title,
        "spoken": spoken,
    }


@register.filter
def sky_step(fraction: float | None) -> int:
    """The step of the sky (0 to 20) at this fraction of the day; night when there is no day."""
    if not isinstance(fraction, int | float):
        return SKY_STEPS
    return round(min(1.0, max(0.0, float(fraction))) * SKY_STEPS)


def until(remaining: timedelta) -> str:
    """« dans 49 min », « dans 2 h 05 », « dans 3 j 4 h »; the browser counts on (`js/sky.js`)."""
    hours, minutes = divmod(max(1, math.ceil(remaining.total_seconds() / 60)), 60)
    if hours >= 24:
        return _("dans {days} j {hours} h").format(days=hours // 24, hours=hours % 24)
    if hours:
        return _("dans {hours} h {minutes}").format(hours=hours, minutes=f"{minutes:02}")
    return _("dans {minutes} min").format(minutes=minutes)


@register.inclusion_tag("components/day_line.html", takes_context=True)
def day_line(
    context: Context,
    moments: Sequence[Any] | None,
    fraction: float | None,
    large: bool = False,
    thin: bool = False,
) -> dict[str, Any]:
    """The day as a line in the sky's colours, with its moments and where we are.

    A narrow screen has words for the next moment only. `large` keeps every moment's words there
    too (a page about the day itself), `thin` never has any (a page that is about something else).
    """
    coming = next((m for m in moments or () if m.next), None)
    at = context.get("server_now") or clock.now()
    shown = sorted(
        (m for m in moments or () if m.fraction is not None and 0 <= m.fraction <= 1),
        key=lambda m: m.fraction,
    )
    places = [round(m.fraction * 100) for m in shown]
    lines = []
    for place, following, moment in zip(places, [*places[1:], 100], shown, strict=True):
        gap = following - place
        classes = []
        if place >= 97:
            classes.append("is-end")
        elif gap < 4:
            classes.append("is-crowded")  # not even its time fits before the next one
        elif gap < 6:
            classes.append("is-tight")
        elif following >= 97 and gap < 16:
            classes.append("is-before-end")  # the end's own words take that place
        elif gap <= 10:
            classes.append("is-close")
        if place >= 79:
            classes.append("is-night")
        if moment.next:
            classes.append("is-next")
        lines.append({"moment": moment, "at": place, "gap": gap, "classes": " ".join(classes)})
    now = None if fraction is None else round(min(1.0, max(0.0, fraction)) * 100)
    return {
        "lines": lines,
        "now": now,
        "large": large,
        "thin": thin,
        "next": coming,
        "left": until(coming.at - at) if coming else "",
    }


@register.simple_tag
def field(bound_field: BoundField) -> SafeString:
    """A form field with its label, help, control and errors, as `{{ form }}` renders it."""
    if not isinstance(bound_field, BoundField):
        # A misspelt name is an empty string in a template: say so instead of showing nothing.
        raise TypeError(f"{{% field %}} wants a field of a form, not {bound_field!r}.")
    return bound_field.as_field_group()


@register.inclusion_tag("components/empty.html")
def empty(icon_name: str, title: str, advice: str = "") -> dict[str, str]:
    """What a list says when nothing is in it: what it will hold, and what to do."""
    return {"icon_name": icon_name, "title": title, "advice": advice}


@register.inclusion_tag("components/badge.html")
def badge(text: str, kind: str = "muted", icon_name: str = "") -> dict[str, str]:
    """A short state in words."""
    _check(kind, BADGE_KINDS, "badge kind")
    return {"text": str(text), "kind": kind, "icon_name": icon_name}


@register.inclusion_tag("components/badge.html")
def mark_badge(mark: str) -> dict[str, str]:
    """How a deposit stands to the deadline, as everyone who judges it sees."""
    _check(mark, MARKS, "mark")
    text, kind = MARKS[mark]
    return {"text": str(text), "kind": kind, "icon_name": ""}


@register.inclusion_tag("components/bars.html")
def bars(values: Sequence[int], label: str, recent: int = 0) -> dict[str, Any]:
    """A small bar chart (deposits per quarter of an hour); the `recent` last bars are amber."""
    top = max([*values, 1])
    shown = [
        {
            "x": index * 10,
            "y": 100 - max(2, round(value * 100 / top)),
            "height": max(2, round(value * 100 / top)),
            "recent": index >= len(values) - recent,
        }
        for index, value in enumerate(values)
    ]
    return {"bars": shown, "width": max(10, len(values) * 10), "label": label}


@register.simple_tag
def words() -> SafeString:
    """The words that scripts say, in the page's language."""
    return json_script(
        {
            "decimal": formats.get_format("DECIMAL_SEPARATOR"),
            "days": _("{days} j {hours} h"),
            "over": _("Temps écoulé"),
            "until_days": _("dans {days} j {hours} h"),
            "until_hours": _("dans {hours} h {minutes}"),
            "until_minutes": _("dans {minutes} min"),
            "close": _("Fermer"),
            "announcement": _("Annonce"),
            "everyone": _("Tout le monde"),
            "corrected": _("corrigée à {time}"),
            "correction": _("Annonce corrigée"),
            "question_asked": _("Une équipe pose une question"),
            "question_answered": _("Votre question a sa réponse"),
            "question_published": _("Une réponse vient d’être publiée"),
            "live": _("En direct"),
            "connecting": _("Connexion…"),
            "lost": _("Connexion coupée, reprise dans {seconds} s"),
            "reconnecting": _("Connexion coupée, reprise en cours"),
            "polling": _("Mode sans direct, actualisé toutes les {seconds} s"),
            "offline": _("Hors ligne"),
            "ended": _("Direct arrêté, rechargez la page"),
            "signed_out": _("Vous n’êtes plus connecté. Ce que vous avez écrit est encore ici."),
            "somebody_else": _("Quelqu’un d’autre s’est connecté ici. Rechargez la page."),
            "remains_minutes": _("Il reste {minutes} minutes"),
            "remains_minute": _("Il reste une minute"),
            "copied": _("Copié"),
            "failed": _("Le serveur n’a pas répondu. Rien n’est perdu : réessayez."),
            "refused": _("Cela n’a pas pu être fait. Rechargez la page et réessayez."),
            "deadline_moved": _("L’heure limite est maintenant {time}."),
            "bytes": [_("octets"), _("ko"), _("Mo"), _("Go")],
        },
        "words",
    )


# ---------------------------------------------------------------- filters


@register.filter
def filesize_fr(size: int | None) -> str:
    """« 8,4 Mo », « 12 ko »: powers of 1000, one decimal below ten, a narrow no-break space."""
    if size is None:
        return ""
    units = (_("octets"), _("ko"), _("Mo"), _("Go"), _("To"))
    value, unit = float(size), 0
    while round(value, 1 if value < 10 else 0) >= 1000 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    if value < 100 and unit and round(value, 1) != round(value):
        return f"{formats.number_format(round(value, 1), decimal_pos=1)}{NARROW}{units[unit]}"
    return f"{round(value)}{NARROW}{units[unit]}"


def _local(at: datetime) -> datetime:
    return timezone.localtime(at)


@register.filter(is_safe=True)
def elided(text: str, name: str) -> str:
    """« de Hélène » in `text` made « d’Hélène »."""
    return typography.elided(text, name)


@register.filter
def clock_time(at: datetime | None) -> str:
    """« 22:46 », in the edition's time zone."""
    return formats.date_format(_local(at), "G:i") if at else ""


@register.filter
def clock_seconds(at: datetime | None) -> str:
    """« 22:46:18 », in the edition's time zone."""
    return formats.date_format(_local(at), "G:i:s") if at else ""


@register.filter
def clock_exact(at: datetime | None) -> str:
    """« 22:46 »; « 22:46:18 » where the instant has seconds: a second late is late."""
    return (clock_seconds(at) if _local(at).second else clock_time(at)) if at else ""


@register.filter
def day_words(at: datetime | None, form: str = "l j F") -> str:
    """« jeudi 13 février », « mercredi 1er avril », in the edition's time zone."""
    return spoken_date(_local(at), form) if at else ""


@register.filter
def day_time(at: datetime | None) -> str:
    """« jeu. 13 février, 22:46 » for instants that may not be today."""
    if not at:
        return ""
    return f"{short_day(at)}, {clock_time(at)}"


@register.filter
def short_day(at: datetime | None) -> str:
    """« jeu. 13 février », "Thu 13 Feb"."""
    return day_words(at, "D j F" if get_language() == "fr" else "D j M")


@register.filter
def ago(at: datetime | None) -> str:
    """« à l’instant », « il y a 2 min », « il y a 3 h »; a date from the day after."""
    if not at:
        return ""
    seconds = (clock.now() - at).total_seconds()
    if seconds < 45:
        return _("à l’instant")
    if seconds < 86_400:
        return _("il y a %(duration)s") % {"duration": duration_fr(seconds, precise=False)}
    return day_time(at)


@register.filter
def duration_fr(duration: timedelta | float | None, precise: bool = True) -> str:
    """« 2 j 3 h », « 1 h 05 », « 12 min », « 45 s », from a timedelta or seconds."""
    if duration is None:
        return ""
    total = duration.total_seconds() if isinstance(duration, timedelta) else float(duration)
    seconds = round(abs(total))
    if seconds < 60 and precise:
        return f"{seconds}{NARROW}s"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"{minutes}{NARROW}min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}{NARROW}h{NARROW}{minutes:02}" if minutes else f"{hours}{NARROW}h"
    days, hours = divmod(hours, 24)
    text = f"{days}{NARROW}{_('j')}"
    return f"{text} {hours}{NARROW}h" if hours else text


@register.filter
def floor_name(floor: int | None) -> SafeString | str:
    """« RDC », « 1ᵉʳ », « 2ᵉ »."""
    if floor is None:
        return ""
    if int(floor) == 0:
        return _("RDC")
    return ordinal(floor)


@register.filter
def ordinal(number: int | None) -> SafeString | str:
    """« 1ᵉʳ », « 3ᵉ », with a real superscript."""
    if number is None:
        return ""
    ending = _french_ending(number) if get_language() == "fr" else _english_ending(number)
    return format_html("{}<sup>{}</sup>", number, ending)


def _french_ending(number: int) -> str:
    return "er" if number == 1 else "e"


def _english_ending(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


@register.filter
def short_sha(digest: str | None) -> str:
    """The first eight figures of a digest: enough to compare two by eye."""
    return (digest or "")[:8]
