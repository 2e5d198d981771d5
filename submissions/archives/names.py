"""Names that Windows, macOS and Linux all take, from names that people gave."""

import re
import unicodedata

NAME_MAX_CHARS = 50  # four bytes each at most: with a number and an extension still below 255

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
# Unicode categories: controls, marks that turn the direction of writing, halves of characters.
_INVISIBLE = ("Cc", "Cf", "Cs")
_EXTENSION = re.compile(r"(\.tar)?\.[a-z0-9]{1,8}$", re.IGNORECASE | re.ASCII)
_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"]
)


def safe_name(text: str) -> str:
    """`text` as the name of a file or a directory; « sans nom » where nothing of it is left."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    text = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    text = _FORBIDDEN.sub("-", text)[:NAME_MAX_CHARS].strip(" .")
    if text.partition(".")[0].rstrip().upper() in _DEVICES:
        text = f"_{text}"
    return text or "sans nom"


def extension_of(filename: str) -> str:
    """« .pdf », « .tar.gz », in lower case; empty without a plain one."""
    found = _EXTENSION.search(filename)
    return found.group().lower() if found else ""


class Names:
    """Paths that were given out. Two that differ in case alone are one for Windows and macOS."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def take(self, folder: str, name: str, extension: str = "") -> str:
        """The path of `name` in `folder`; a further one of that name gets a number."""
        path = f"{folder}{name}{extension}"
        number = 1
        while path.casefold() in self._given:
            number += 1
            path = f"{folder}{name} ({number}){extension}"
        self._given.add(path.casefold())
        return path
