from io import BytesIO

from PIL import Image


def png(side: int = 8) -> bytes:
    out = BytesIO()
    Image.new("RGBA", (side, side), "#1b4f9c").save(out, "PNG")
    return out.getvalue()
