"""Draws an organizer's PNG, JPEG, WebP or SVG as a PNG, in a process of its own (`core.sandbox`).

`python -m hackathon.event.appearance.drawing` reads the picture from its standard input and writes
the PNG to its standard output. A drawn SVG has no script; one that loads other files is refused.
"""

import io
import os
import sys
import tempfile

import typst
from PIL import Image

from hackathon.base.core import sandbox
from hackathon.base.core.confinement import confine, limit_resources

SIDE_MAX = 640  # pixels
MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 20
OUTPUT_BYTES = 8_000_000
TIMEOUT_SECONDS = 40
SHEET = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#image(bytes(sys.inputs.svg), format: "svg", width: 512pt, height: 512pt, fit: "contain")
"""


def drawn(picture: bytes) -> bytes | None:
    """None if it cannot be opened."""
    with tempfile.TemporaryFile() as png:
        is_complete = sandbox.run(
            "hackathon.event.appearance.drawing",
            given=picture,
            stdout=png,
            timeout_seconds=TIMEOUT_SECONDS,
        )
        png.seek(0)
        return png.read() if is_complete else None


def _png(picture: bytes) -> bytes:
    if b"<svg" in picture[:4096]:
        sheet = typst.compile(
            SHEET, format="png", ppi=144, sys_inputs={"svg": picture.decode()}, font_paths=_fonts()
        )
        assert isinstance(sheet, bytes)
        picture = sheet
    image = Image.open(io.BytesIO(picture), formats=("PNG", "JPEG", "WEBP")).convert("RGBA")
    image = image.crop(image.getbbox())  # without a transparent margin
    image.thumbnail((SIDE_MAX, SIDE_MAX))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def main() -> None:
    picture = sys.stdin.buffer.read()
    limit_resources(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, output_bytes=OUTPUT_BYTES)
    os.nice(10)  # web requests have priority
    confine()
    try:
        png = _png(picture)
    except (typst.TypstError, ValueError, OSError, SyntaxError) as error:
        sys.exit(type(error).__name__)  # its text may quote the picture
    sys.stdout.buffer.write(png)


if __name__ == "__main__":
    main()
