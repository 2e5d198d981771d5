"""Formats for templates and for Python. Instants are shown in `zone`, or in the active zone."""

import math
import unicodedata
from datetime import UTC, date, datetime, timedelta, tzinfo

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hackathon.base.core.typography import NARROW


def visible(text: str) -> str:
    """Without invisible characters, which copied addresses may have. Not for names: some scripts
    need them.
    """
    hidden = ("Cc", "Cf")
    return "".join(c for c in text if c in "\t\r\n" or unicodedata.category(c) not in hidden)


def iso_utc(at: datetime) -> str:
    """ISO 8601 in UTC, ending in Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def clock_time(at: datetime | None, zone: tzinfo | None = None) -> str:
    return f"{(local := timezone.localtime(at, zone)).hour}:{local.minute:02}" if at else ""


def clock_seconds(at: datetime | None, zone: tzinfo | None = None) -> str:
    return f"{clock_time(at, zone)}:{at.second:02}" if at else ""


def clock_exact(at: datetime | None, zone: tzinfo | None = None) -> str:
    """« 22:46 », or « 22:46:18 » if the instant has seconds: one second late is late."""
    return clock_seconds(at, zone) if at and at.second else clock_time(at, zone)


def date_text(at: datetime | date | None, form: str = "l j F", zone: tzinfo | None = None) -> str:
    """« jeudi 13 février », by `form` of Django's date formats. In French the first is « 1er »."""
    if not at:
        return ""
    local = timezone.localtime(at, zone) if isinstance(at, datetime) else at
    if get_language() == "fr" and local.day == 1:
        form = form.replace("j", r"j\e\r")
    return formats.date_format(local, form)


def short_day(at: datetime | None) -> str:
    """« jeu. 13 fév. », "Thu 13 Feb"."""
    return date_text(at, r"D\. j N" if get_language() == "fr" else "D j M")


def day_time(at: datetime | None) -> str:
    """« jeu. 13 fév., 22:46 »"""
    return f"{short_day(at)}, {clock_time(at)}" if at else ""


def duration_text(duration: timedelta | float | None, precise: bool = True) -> str:
    """« 1 h 05 », « 45 s ». A number is in seconds. Without `precise` the least is one minute."""
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


def minutes_text(minutes: int | None) -> str:
    return "" if minutes is None else duration_text(60 * minutes)


def ago_text(at: datetime | None, now: datetime) -> str:
    """« à l’instant », « il y a 2 min », « il y a 3 h »; a date after a day."""
    if not at:
        return ""
    seconds = (now - at).total_seconds()
    if seconds < 45:
        return _("à l’instant")
    if seconds < 86_400:
        return _("il y a %(duration)s") % {"duration": duration_text(seconds, precise=False)}
    return day_time(at)


def until_text(remaining: timedelta) -> str:
    """« dans 49 min », « dans 2 h 05 », « dans 3 j 4 h ». `js/sky.js` writes the same."""
    hours, minutes = divmod(max(1, math.ceil(remaining.total_seconds() / 60)), 60)
    if hours >= 24:
        return _("dans {days} j {hours} h").format(days=hours // 24, hours=hours % 24)
    if hours:
        return _("dans {hours} h {minutes}").format(hours=hours, minutes=f"{minutes:02}")
    return _("dans {minutes} min").format(minutes=minutes)


def countdown_text(remaining: timedelta) -> str:
    """« 2 j 5 h », « 4:13:42 », « 13:42 », then « 42,7 »: tenths of seconds in the last minute."""
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


def size_text(size: int | None) -> str:
    """« 8,4 Mo », « 12 ko »: powers of 1000, one decimal below 100."""
    if size is None:
        return ""
    units = (_("octets"), _("ko"), _("Mo"), _("Go"), _("To"))
    value, unit = float(size), 0
    while round(value, 1 if value < 10 else 0) >= 1000 and unit < len(units) - 1:
        value, unit = value / 1000, unit + 1
    if value < 100 and unit and round(value, 1) != round(value):
        return f"{formats.number_format(round(value, 1), decimal_pos=1)}{NARROW}{units[unit]}"
    return f"{round(value)}{NARROW}{units[unit]}"


def floor_name(floor: int | None) -> SafeString | str:
    """« RDC », « 1ᵉʳ », « 2ᵉ », « −1 »"""
    if floor is None:
        return ""
    if int(floor) < 0:
        return f"−{abs(int(floor))}"
    return _("RDC") if int(floor) == 0 else ordinal(floor)


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


def short_sha(digest: str | None) -> str:
    return (digest or "")[:8]
