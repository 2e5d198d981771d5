"""Template tags and filters of every page (`docs/look.md`). They need no `{% load %}`."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.template import Context
from django.urls import reverse
from django.utils import formats as django_formats
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hackathon.base.core import clock, formats, qr
from hackathon.base.core.typography import elided

register = template.Library()

BADGE_KINDS = ("muted", "info", "ok", "warn", "alarm", "lamp")
SKY_STEPS = 20
# (seconds left at most, state), the first that fits; without one it is `calm`.
COUNTDOWN_STATES = ((0, "over"), (60, "last"), (600, "soon"), (3600, "hour"))
FOLLOWED = ("", "deadline", "launch", "registration")
LONG_TEXT = 6  # characters; a longer text is shown smaller
MOST_LATER = 4


@register.filter
def event_name(edition: Any) -> str:
    """Of an edition, or of none."""
    return getattr(edition, "name", "") or settings.SITE_NAME


def _check(value: str, allowed: Iterable[str], what: str) -> str:
    allowed = tuple(allowed)
    if value not in allowed:
        raise ValueError(f"Unknown {what} {value!r}; known are {', '.join(allowed)}.")
    return value


def _icon_paths(name: str) -> str:
    file = settings.TABLER_ICONS / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not file.exists():
        raise ValueError(f"Unknown icon {name!r}: there is no {name}.svg in Tabler's outline set.")
    drawing = file.read_text().partition(">")[2].rpartition("</svg>")[0]
    # Each file starts with an invisible square that only the package's own web font needs.
    return re.sub(r'<path stroke="none"[^>]*/>|\s+(?=<)', "", drawing).strip()


@register.simple_tag
@cache
def icon(name: str, size: str = "m") -> SafeString:
    """Hidden from screen readers: text must be beside it."""
    _check(size, ("m", "l", "xl"), "icon size")
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        "" if size == "m" else f" is-{size}",
        mark_safe(_icon_paths(name)),  # noqa: S308 - a file of the icon package
    )


def countdown_state(remaining: timedelta) -> str:
    seconds = remaining.total_seconds()
    return next((state for limit, state in COUNTDOWN_STATES if seconds <= limit), "calm")


@register.inclusion_tag("components/countdown.html", takes_context=True)
def countdown(
    context: Context,
    at: datetime | None,
    label: str = "",
    follows: str = "",
    size: str = "m",
    over: str = "",
    title: bool = False,
    spoken: bool = False,
) -> dict[str, Any]:
    """`follows`: what `at` is; the last minutes before a deadline have sounds."""
    _check(size, ("s", "m", "l", "xl"), "countdown size")
    _check(follows, FOLLOWED, "instant to follow")
    remaining = at - (context.get("server_now") or clock.now()) if at else timedelta()
    state = countdown_state(remaining)
    over = over or _("Temps écoulé")
    text = over if state == "over" else formats.countdown_text(remaining)
    return {
        "at": at,
        "iso": at.isoformat() if at else "",
        "text": text,
        "long": len(text) > LONG_TEXT,
        "state": state,
        "label": label,
        "follows": follows,
        "size": size,
        "over": over,
        "title": title,
        "spoken": spoken,
    }


@register.filter
def sky_step(fraction: float | None) -> int:
    """0 to 20 during the day; 20 without a day."""
    if not isinstance(fraction, int | float):
        return SKY_STEPS
    return round(min(1.0, max(0.0, float(fraction))) * SKY_STEPS)


@register.inclusion_tag("components/day_line.html", takes_context=True)
def day_line(
    context: Context,
    moments: Sequence[Any] | None,
    fraction: float | None,
    thin: bool = False,
) -> dict[str, Any]:
    """A narrow screen names only the next moment. `thin` names none."""
    coming = next((m for m in moments or () if m.next), None)
    at = context.get("server_now") or clock.now()
    shown = sorted(
        (m for m in moments or () if m.fraction is not None and 0 <= m.fraction <= 1),
        key=lambda m: m.fraction,
    )
    # In percent of the width. The limits below are those at which the texts of the style sheet fit.
    places = [round(m.fraction * 100) for m in shown]
    lines = []
    for place, following, moment in zip(places, [*places[1:], 100], shown, strict=True):
        gap = following - place
        classes = []
        if place >= 97:
            classes.append("is-end")
        elif gap < 4 or (following >= 97 and gap < 11):
            classes.append("is-crowded")  # its time does not fit before the next one
        elif gap < 6:
            classes.append("is-tight")
        elif following >= 97 and gap < 30:
            classes.append("is-before-end")  # the text of the end is there
        elif gap <= 10:
            classes.append("is-close")
        if place >= 79:
            classes.append("is-night")
        if moment.next:
            classes.append("is-next")
        lines.append({"moment": moment, "at": place, "gap": gap, "classes": " ".join(classes)})
    now = None if fraction is None else round(min(1.0, max(0.0, fraction)) * 100)
    # Beyond the line; js/sky.js names them once those on it have passed.
    later = sorted(
        (m for m in moments or () if m.fraction is not None and m.fraction > 1),
        key=lambda m: m.fraction,
    )
    return {
        "lines": lines,
        "later": later[:MOST_LATER],
        "now": now,
        "thin": thin,
        "next": coming,
        "left": formats.until_text(coming.at - at) if coming else "",
    }


@register.simple_tag
def field(bound_field: BoundField, of_filter: bool = False) -> SafeString:
    if not isinstance(bound_field, BoundField):
        # A misspelt name is an empty string in a template.
        raise TypeError(f"{{% field %}} wants a field of a form, not {bound_field!r}.")
    if of_filter:  # which nobody has to fill in
        bound_field.field.is_conditional = True  # type: ignore[attr-defined]
    return bound_field.as_field_group()


@register.inclusion_tag("components/empty.html")
def empty(icon_name: str, title: str, advice: str = "") -> dict[str, str]:
    """`title`: what the list will hold; `advice`: what to do."""
    return {"icon_name": icon_name, "title": title, "advice": advice}


@register.simple_tag
def badge(text: str, kind: str = "muted", icon_name: str = "") -> SafeString:
    _check(kind, BADGE_KINDS, "badge kind")
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<span class="badge is-{}">{}{}</span>\n', kind, drawing, text)


@register.simple_tag
def qr_code(address: str) -> SafeString:
    """As large as its place."""
    return qr.drawn(address)


@register.simple_tag
def site_address(name: str) -> str:
    """For another device."""
    return settings.SITE_URL + reverse(name)


@register.simple_tag
def script_translations() -> SafeString:
    return json_script(
        {
            "decimal": django_formats.get_format("DECIMAL_SEPARATOR"),
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
            "draft_kept": _("Brouillon gardé sur cet appareil à {time}, pas encore envoyé."),
            "draft_unkept": _("Cet appareil ne garde pas de brouillon : envoyez avant de partir."),
            "draft_forget": _("Effacer le brouillon"),
            "draft_removed": _("Brouillon effacé."),
            "draft_restore": _("Le reprendre"),
            "copied": _("Copié"),
            "lit": _("Toutes vos fenêtres sont allumées"),
            "lit_thanks": _("Tout est rendu, et tout s’ouvre. Bravo à toute l’équipe !"),
            "failed": _("Le serveur n’a pas répondu. Rien n’est perdu : réessayez."),
            "refused": _("Cela n’a pas pu être fait. Rechargez la page et réessayez."),
            "deadline_moved": _("L’heure limite est maintenant {time}."),
            "bytes": [_("octets"), _("ko"), _("Mo"), _("Go")],
        },
        "translations",
    )


# ---------------------------------------------------------------- filters

for formatter in (
    formats.clock_exact,
    formats.clock_seconds,
    formats.clock_time,
    formats.date_text,
    formats.day_time,
    formats.duration_text,
    formats.size_text,
    formats.minutes_text,
    formats.floor_name,
    formats.ordinal,
    formats.short_day,
    formats.short_sha,
):
    register.filter(formatter.__name__, formatter)

register.filter("elided", elided, is_safe=True)


@register.filter
def ago(at: datetime | None) -> str:
    return formats.ago_text(at, clock.now())
