"""Clean-up of exported cells: formulas and apostrophes around a text, wrong encodings."""

import re
import unicodedata

# « ="00123" » keeps the zeros of a number in Excel.
QUOTED = re.compile(r'=\s*"((?:[^"]|"")*)"')
LINK = re.compile(
    r'=\s*(?:HYPERLINK|LIEN_HYPERTEXTE)\(\s*"((?:[^"]|"")*)"(?:\s*[;,]\s*"((?:[^"]|"")*)")?\s*\)',
    re.IGNORECASE,
)
DASHES = re.compile(r"[-–—]+")  # an empty cell, in some lists
# Written before a number that is a text, and by our exports before what would be a formula.
APOSTROPHE = re.compile(r"^'(?=[=+\-@]|\d+$)")
# Characters decoded with the wrong encoding: UTF-8 as Windows-1252, Latin-9 as
# Windows-1252, MacRoman and DOS as Windows-1252, and what replaces a letter that was lost.
DAMAGED = re.compile(
    r"\ufffd|[ÂÃ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|Å[“’¸]|ï»¿"
    r"|[^\W\d_][‚ƒ„†‡ˆ‰‹¼½¾]|[ƒˆ‰¼½¾][^\W\d_]|[a-zà-ÿ][ŠŽŒ]"
)

# « Nguy?n », « ?ukasz »: a program wrote « ? » for a letter that its encoding does not have.
REPLACED = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")


def clean(cell: str) -> str:
    """In one normal form, without formula, invisible characters and spaces around it."""
    text = unicodedata.normalize("NFC", cell)
    text = "".join(c for c in text if c in "\t\r\n" or unicodedata.category(c) not in ("Cc", "Cf"))
    text = text.strip()
    if match := QUOTED.fullmatch(text):
        text = match[1].replace('""', '"')
    elif match := LINK.fullmatch(text):
        text = (match[2] or match[1]).replace('""', '"').removeprefix("mailto:")
    return "" if DASHES.fullmatch(text) else APOSTROPHE.sub("", text).strip()


def is_damaged(cell: str) -> bool:
    return DAMAGED.search(cell) is not None


def lost_letters(name: str) -> bool:
    """Of a name: elsewhere a « ? » may be one."""
    return REPLACED.search(name) is not None
