"""Of what family a file is: what its name promises, and what its first bytes say."""

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import puremagic

HEAD_BYTES = 8192


class Family(StrEnum):
    """Files that one inspector looks into."""

    PDF = "pdf"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    ARCHIVE = "archive"
    TEXT = "text"


EXTENSIONS = {
    Family.PDF: "pdf",
    Family.IMAGE: "png jpg jpeg gif webp bmp tif tiff avif",
    Family.VIDEO: "mp4 m4v mov webm mkv avi mpg mpeg ogv 3gp",
    Family.AUDIO: "mp3 wav ogg oga m4a flac aac opus",
    Family.ARCHIVE: "zip docx pptx xlsx odt odp ods odg epub",
    Family.TEXT: "txt md csv html htm css js ts json xml svg sql py php java c h cpp yml yaml sh",
}
_BY_EXTENSION = {
    extension: family for family, names in EXTENSIONS.items() for extension in names.split()
}
# Only what first bytes prove; a short signature that fits by chance must not cry wolf.
_BY_MIME = {
    "application/pdf": (Family.PDF, "PDF"),
    "image/png": (Family.IMAGE, "PNG"),
    "image/jpeg": (Family.IMAGE, "JPEG"),
    "image/gif": (Family.IMAGE, "GIF"),
    "image/webp": (Family.IMAGE, "WebP"),
    "image/tiff": (Family.IMAGE, "TIFF"),
    "image/avif": (Family.IMAGE, "AVIF"),
    "image/heif": (None, "HEIC"),
    "video/mp4": (Family.VIDEO, "MP4"),
    "video/quicktime": (Family.VIDEO, "MOV"),
    "video/webm": (Family.VIDEO, "WebM"),
    "text/html": (Family.TEXT, "HTML"),
    "image/svg+xml": (Family.TEXT, "SVG"),
    "application/x-7z-compressed": (None, "7z"),
    "application/x-rar-compressed": (None, "RAR"),
}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class Content:
    """What the bytes are, if they say; `label` is how people call it."""

    family: Family | None = None
    label: str = ""


def extension_of(name: str) -> str:
    """« pdf », lower case, without the dot; empty if the name has no plain one."""
    suffix = Path(name).suffix.lower()
    return suffix[1:] if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def by_name(name: str) -> Family | None:
    """What the name promises."""
    return _BY_EXTENSION.get(extension_of(name))


def by_content(path: str) -> Content:
    """What the first bytes prove; nothing where they prove nothing."""
    head = head_of(path)
    if head.startswith(_ZIP):
        return Content(Family.ARCHIVE, "ZIP")
    try:
        # Never the file's own name: puremagic would let it weigh.
        matches = puremagic.magic_string(head, "deposit")
    except (puremagic.PureError, ValueError):
        matches = []
    if matches and matches[0].byte_match and matches[0].mime_type in _BY_MIME:
        return Content(*_BY_MIME[matches[0].mime_type])
    return Content(Family.TEXT) if is_text(head) else Content()


def head_of(path: str) -> bytes:
    """How the file begins."""
    with Path(path).open("rb") as file:
        return file.read(HEAD_BYTES)


def is_text(head: bytes) -> bool:
    """Whether these are the first bytes of words: UTF-8, whose last letter may be cut off here."""
    try:
        words = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return False
    return bool(words) and not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", words)
