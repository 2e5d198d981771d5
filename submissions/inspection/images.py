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
from submissions.inspection.result import FindingCode, Result

# Not EPS: Pillow starts Ghostscript to read it.
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
# An A0 poster at 300 dpi has 139 million. JPEGs are scaled down while they are decoded.
PIXELS_MAX = 150_000_000
JPEG_PIXELS_MAX = 600_000_000
BROWSERS_SHOW = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "MPO", "BMP")  # MPO: JPEGs of some phones

Image.MAX_IMAGE_PIXELS = None  # the limits above replace it
READ_ERRORS = (OSError, SyntaxError, ValueError, EOFError, OverflowError)


def inspect(path: str, name: str) -> Iterator[Result]:
    result = Result({"type": "image"})
    try:
        image = Image.open(path, formats=FORMATS)
    except READ_ERRORS:
        yield result.with_finding(FindingCode.UNREADABLE)
        return
    with image:
        result.facts.update(width=image.width, height=image.height)
        if image.format not in BROWSERS_SHOW:
            result = result.with_finding(FindingCode.RARE_FORMAT, format=image.format)
        limit = JPEG_PIXELS_MAX if image.format in ("JPEG", "MPO") else PIXELS_MAX
        if image.width * image.height > limit:
            yield result.with_finding(
                FindingCode.IMAGE_HUGE, width=image.width, height=image.height
            )
            return
        try:
            image.draft("RGB", (thumbnails.SIDE, thumbnails.SIDE))
            image.load()
            image.thumbnail((thumbnails.SIDE, thumbnails.SIDE), reducing_gap=2.0)
            upright = ImageOps.exif_transpose(image)
        except READ_ERRORS:
            yield result.with_finding(FindingCode.DAMAGED)
            return
        yield result
        yield replace(result, thumbnail=thumbnails.webp(upright))
