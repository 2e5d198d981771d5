import io

from PIL import Image

SIDE = 640  # pixels, of the longer side


def webp(image: Image.Image, *, side: int = SIDE) -> bytes:
    """`side`: pixels at most."""
    image.thumbnail((side, side), reducing_gap=2.0)
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    out = io.BytesIO()
    # Methods 3 to 6 take two to three times as long; pages of documents become no smaller.
    image.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()
