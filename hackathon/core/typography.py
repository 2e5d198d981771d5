"""The spaces of French: what stands before « : » or « ? » stays on its line."""

import re

NO_BREAK, NARROW = "\u00a0", "\u202f"
# As the Imprimerie nationale sets them: narrow before high signs, whole before the colon and inside
# quotation marks. Only a plain space becomes one; where there is none, none is added.
RULES = (
    (re.compile(r" (?=[;?!])"), NARROW),
    (re.compile(r" (?=[:»])|(?<=«) "), NO_BREAK),
)


def spaced(text: str) -> str:
    """`text` with the spaces that no line may be broken at."""
    for pattern, space in RULES:
        text = pattern.sub(space, text)
    return text
