import re
import unicodedata

NO_BREAK, NARROW = "\u00a0", "\u202f"
# Source: Imprimerie nationale. A narrow space before ; ? and !, a whole one before the colon and
# inside quotation marks. Plain spaces are replaced; no space is added.
RULES = (
    (re.compile(r" (?=[;?!])"), NARROW),
    (re.compile(r" (?=[:»])|(?<=«) "), NO_BREAK),
)
# Each h counts as mute; a y is a vowel only before a consonant (« d’Yves », « de Yann »).
ELIDES = re.compile("[aeiouhœæ]|y[^aeiou]", re.IGNORECASE)


def spaced(text: str) -> str:
    for pattern, space in RULES:
        text = pattern.sub(space, text)
    return text


def elided(text: str, name: str) -> str:
    """« le code de Hélène » becomes « le code d’Hélène »."""
    if not ELIDES.match(plain_letters(name)):
        return text
    return re.sub(rf"\b(d|qu)e (?={re.escape(name)})", r"\1’", text, flags=re.IGNORECASE)


def plain_letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
