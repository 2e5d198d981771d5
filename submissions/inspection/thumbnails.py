import io

from PIL import Image

SIDE = 640  # pixels, of the longer side


def webp(image: Image.Image) -> bytes:
    image.thumbnail((SIDE, SIDE), reducing_gap=2.0)
    if image.mode not in ("RGB", "RGBA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=4)
    return out.getvalue()
