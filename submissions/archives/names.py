"""File names that are valid on Windows, macOS and Linux."""

import re
import unicodedata

NAME_MAX_CHARS = 50  # 4 bytes each at most, so that with a number and an extension it is below 255

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
# Unicode categories: control, format (direction of writing), surrogate.
_INVISIBLE = ("Cc", "Cf", "Cs")
_EXTENSION = re.compile(r"(\.tar)?\.[a-z0-9]{1,8}$", re.IGNORECASE | re.ASCII)
_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"]
)


def safe_name(text: str) -> str:
    """`text` as the name of a file or a folder; « sans nom » if no character can be used."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    text = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE)
    text = _FORBIDDEN.sub("-", text)[:NAME_MAX_CHARS].strip(" .")
    if text.partition(".")[0].rstrip().upper() in _DEVICES:
        text = f"_{text}"
    return text or "sans nom"


def extension_of(filename: str) -> str:
    """« .pdf », « .tar.gz », in lower case; empty if it is not 1 to 8 letters and digits."""
    match = _EXTENSION.search(filename)
    return match.group().lower() if match else ""


class UniquePaths:
    """Paths without duplicates, also on Windows and macOS, which ignore upper and lower case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, folder: str, name: str, extension: str = "") -> str:
        path = f"{folder}{name}{extension}"
        number = 1
        while path.casefold() in self._taken:
            number += 1
            path = f"{folder}{name} ({number}){extension}"
        self._taken.add(path.casefold())
        return path
