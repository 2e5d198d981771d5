"""What a file is by its first bytes: its name and what a browser says of it prove nothing."""

from typing import Protocol

HEAD = 12  # bytes that tell the type
SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x1aE\xdf\xa3": "video/webm",
}
# What browsers show as a picture and what cannot run script: no SVG.
PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, offset: int, /) -> object: ...


def type_of(file: Readable) -> str:
    """Empty for others than these. Reads from where the file is, and rewinds it."""
    head = file.read(HEAD)
    file.seek(0)
    if head[4:8] == b"ftyp":
        return "video/mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in SIGNATURES.items() if head.startswith(start)), "")
