"""How French is set: what stands before « : » or « ? » stays on its line, a month has a first."""

import re
import unicodedata
from datetime import datetime

from django.utils import formats
from django.utils.translation import get_language

NO_BREAK, NARROW = "\u00a0", "\u202f"
# As the Imprimerie nationale sets them: narrow before high signs, whole before the colon and inside
# quotation marks. Only a plain space becomes one; where there is none, none is added.
RULES = (
    (re.compile(r" (?=[;?!])"), NARROW),
    (re.compile(r" (?=[:»])|(?<=«) "), NO_BREAK),
)
ELIDES = re.compile("[aeiouhœæ]|y[^aeiou]", re.IGNORECASE)


def spaced(text: str) -> str:
    """`text` with the spaces that no line may be broken at."""
    for pattern, space in RULES:
        text = pattern.sub(space, text)
    return text


def spoken_date(at: datetime, form: str) -> str:
    """`at`, in the zone that it is in, as `form` of Django's date formats says; the first day of a
    month is « 1er avril » in French. Every date in words is made here.
    """
    if get_language() == "fr" and at.day == 1:
        form = form.replace("j", r"j\e\r")
    return formats.date_format(at, form)


def elided(text: str, name: str) -> str:
    """« le code de Hélène » as it is said: « d’Hélène ». `name` is a person's, in a French `text`.

    The h of a name is taken for a mute one; a y is a vowel before a consonant alone (« d’Yves »,
    « de Yann »).
    """
    if not ELIDES.match(plain_letters(name)):
        return text
    return re.sub(rf"\b(d|qu)e (?={re.escape(name)})", r"\1’", text, flags=re.IGNORECASE)


def plain_letters(text: str) -> str:
    """`text` without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
