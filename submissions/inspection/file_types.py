import codecs
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import puremagic

HEAD_BYTES = 8192


class FileType(StrEnum):
    PDF = "pdf"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    ARCHIVE = "archive"
    TEXT = "text"


EXTENSIONS = {
    FileType.PDF: "pdf",
    FileType.IMAGE: "png jpg jpeg gif webp bmp tif tiff avif",
    FileType.VIDEO: "mp4 m4v mov webm mkv avi mpg mpeg ogv 3gp",
    FileType.AUDIO: "mp3 wav ogg oga m4a flac aac opus",
    FileType.ARCHIVE: "zip docx pptx xlsx odt odp ods odg epub",
    FileType.TEXT: "txt md csv html htm css js ts json xml svg sql py php java c h cpp yml yaml sh",
}
_BY_EXTENSION = {
    extension: file_type for file_type, names in EXTENSIONS.items() for extension in names.split()
}
# Only types with a long signature: a short one may match by chance.
_BY_MIME = {
    "application/pdf": (FileType.PDF, "PDF"),
    "image/png": (FileType.IMAGE, "PNG"),
    "image/jpeg": (FileType.IMAGE, "JPEG"),
    "image/gif": (FileType.IMAGE, "GIF"),
    "image/webp": (FileType.IMAGE, "WebP"),
    "image/tiff": (FileType.IMAGE, "TIFF"),
    "image/avif": (FileType.IMAGE, "AVIF"),
    "image/heif": (None, "HEIC"),
    "video/mp4": (FileType.VIDEO, "MP4"),
    "video/quicktime": (FileType.VIDEO, "MOV"),
    "video/webm": (FileType.VIDEO, "WebM"),
    "text/html": (FileType.TEXT, "HTML"),
    "image/svg+xml": (FileType.TEXT, "SVG"),
    "application/x-7z-compressed": (None, "7z"),
    "application/x-rar-compressed": (None, "RAR"),
}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True)
class Detected:
    """What the first bytes show. `label` is the name of the format for people."""

    file_type: FileType | None = None
    label: str = ""


def extension_of(name: str) -> str:
    """In lower case and without the dot; empty if it is not 1 to 8 letters and digits."""
    suffix = Path(name).suffix.lower()
    return suffix[1:] if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def type_by_name(name: str) -> FileType | None:
    return _BY_EXTENSION.get(extension_of(name))


def detect(path: str) -> Detected:
    head = head_of(path)
    if head.startswith(_ZIP):
        return Detected(FileType.ARCHIVE, "ZIP")
    try:
        # A constant name, because puremagic takes the name into account too.
        matches = puremagic.magic_string(head, "deposit")
    except (puremagic.PureError, ValueError):
        matches = []
    if matches and matches[0].byte_match and matches[0].mime_type in _BY_MIME:
        return Detected(*_BY_MIME[matches[0].mime_type])
    return Detected(FileType.TEXT) if is_text(head) else Detected()


def head_of(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(HEAD_BYTES)


def is_text(head: bytes) -> bool:
    """Whether the first bytes of a file are UTF-8. The last character may be incomplete."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD_BYTES)
    except UnicodeDecodeError:
        return False
    return bool(text) and not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text)
