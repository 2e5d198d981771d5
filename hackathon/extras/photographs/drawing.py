"""Makes the two sizes of a photograph, in a process of its own (`core.sandbox`).

`python -m hackathon.extras.photographs.drawing` reads the picture from its standard input and
writes to its standard output the length of the large size (8 bytes), the large size, and the small
one. Neither has EXIF, places, comments or colour profiles of the camera.
"""

import io
import os
import sys
import tempfile
from typing import NamedTuple

from PIL import (  # Pillow registers a format when its plugin is imported
    Image,
    ImageOps,
    JpegImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

from hackathon.base.core import sandbox
from hackathon.base.core.confinement import confine, limit_resources

LARGE, SMALL = 2000, 640  # pixels, of the longer side
# JPEGs are scaled down while they are decoded.
PIXELS_MAX, JPEG_PIXELS_MAX = 60_000_000, 250_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 20
OUTPUT_BYTES = 10_000_000
TIMEOUT_SECONDS = 30
LENGTH = 8


class Sizes(NamedTuple):
    large: bytes  # JPEG
    small: bytes  # WebP


def drawn(picture: bytes) -> Sizes | None:
    """None if it cannot be opened, or has too many pixels."""
    with tempfile.TemporaryFile() as output:
        is_complete = sandbox.run(
            "hackathon.extras.photographs.drawing",
            given=picture,
            stdout=output,
            timeout_seconds=TIMEOUT_SECONDS,
        )
        output.seek(0)
        if not is_complete:
            return None
        length = int.from_bytes(output.read(LENGTH))
        return Sizes(output.read(length), output.read())


def sizes(picture: bytes) -> Sizes:
    """In this process. Raises `ValueError`, `OSError` or `SyntaxError`."""
    image = Image.open(io.BytesIO(picture), formats=FORMATS)
    is_jpeg = image.format in ("JPEG", "MPO")  # MPO: JPEGs of some phones
    if image.width * image.height > (JPEG_PIXELS_MAX if is_jpeg else PIXELS_MAX):
        raise ValueError("too many pixels")
    image.draft("RGB", (LARGE, LARGE))
    image.load()
    image.thumbnail((LARGE, LARGE), reducing_gap=2.0)
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    plain = Image.new("RGB", upright.size, "white")  # has the pixels and nothing else
    plain.paste(upright, mask=upright)
    large = io.BytesIO()
    plain.save(large, "JPEG", quality=85, optimize=True, progressive=True)
    plain.thumbnail((SMALL, SMALL), reducing_gap=2.0)
    small = io.BytesIO()
    plain.save(small, "WEBP", quality=80, method=2)
    return Sizes(large.getvalue(), small.getvalue())


def main() -> None:
    picture = sys.stdin.buffer.read()
    limit_resources(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, output_bytes=OUTPUT_BYTES)
    os.nice(10)  # web requests have priority
    confine()
    Image.MAX_IMAGE_PIXELS = None  # the limits above replace it
    try:
        large, small = sizes(picture)
    except (ValueError, OSError, SyntaxError, EOFError, OverflowError) as error:
        sys.exit(type(error).__name__)  # its text may quote the picture
    sys.stdout.buffer.write(len(large).to_bytes(LENGTH) + large + small)


if __name__ == "__main__":
    main()
