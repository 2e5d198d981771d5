"""Images, by Pillow."""

from collections.abc import Iterator
from dataclasses import replace

from PIL import (  # Pillow registers a format when its plugin is imported
    AvifImagePlugin,  # noqa: F401
    Image,
    ImageOps,
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

from submissions.inspection import thumbnails
from submissions.inspection.found import Code, Found

# Those that a jury meets. Not EPS, whose reader would start another program.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
# An A0 poster at 300 dots an inch has 139 million; JPEGs are shrunk while they are read.
PIXELS_MAX = 150_000_000
JPEG_PIXELS_MAX = 600_000_000
BROWSERS_SHOW = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "MPO", "BMP")  # MPO: a phone's JPEG

Image.MAX_IMAGE_PIXELS = None  # the limits above, which know of posters
DAMAGES = (OSError, SyntaxError, ValueError, EOFError, OverflowError)


def inspect(path: str, name: str) -> Iterator[Found]:
    """Whether it can be drawn to its last row; then small."""
    found = Found({"type": "image"})
    try:
        image = Image.open(path, formats=FORMATS)
    except DAMAGES:
        yield found.but(Code.UNREADABLE)
        return
    with image:
        found.facts.update(width=image.width, height=image.height)
        if image.format not in BROWSERS_SHOW:
            found = found.but(Code.RARE_FORMAT, format=image.format)
        limit = JPEG_PIXELS_MAX if image.format in ("JPEG", "MPO") else PIXELS_MAX
        if image.width * image.height > limit:
            yield found.but(Code.IMAGE_HUGE, width=image.width, height=image.height)
            return
        try:
            image.draft("RGB", (thumbnails.SIDE, thumbnails.SIDE))
            image.load()
            image.thumbnail((thumbnails.SIDE, thumbnails.SIDE), reducing_gap=2.0)
            upright = ImageOps.exif_transpose(image)
        except DAMAGES:
            yield found.but(Code.DAMAGED)
            return
        yield found
        yield replace(found, thumbnail=thumbnails.webp(upright))
