from base64 import b64encode
from io import BytesIO

from PIL import Image

from hackathon.base.core.errors import NotFound
from hackathon.event.appearance.enums import PictureKind
from hackathon.event.appearance.models import Picture
from hackathon.event.appearance.rules import palette
from hackathon.event.editions.models import Edition

HEADER = 128  # at most 256 × 64 px, for 32 px of height


def printed(edition: Edition) -> dict[str, str]:
    """For sheets of Typst (`core.typeset`). A query if there is a logo."""
    found = palette(edition.color, edition.accent) if edition.color or edition.accent else {}
    return {
        "night": found.get("night", "#0c0924"),
        "indigo": found.get("dusk", "#2a1f6b"),
        "lamp": found.get("lamp", "#ffe07a"),
        "logo": drawing_of(edition, PictureKind.LOGO) if edition.logo else "",
    }


def drawing_of(edition: Edition, kind: PictureKind) -> str:
    """SVG, as sheets take pictures. Empty without one."""
    picture = edition.pictures.filter(kind=kind).first()
    return _svg(bytes(picture.content)) if picture else ""


def shown_pictures(edition: Edition) -> dict[str, str]:
    """By kind, as addresses that hold the picture. For organizers: a signature has no address."""
    return {picture.kind: _data_url(bytes(picture.content)) for picture in edition.pictures.all()}


def logo_of_size(digest: str, size: int) -> bytes:
    """A square PNG with the logo in its middle, for icons; in `HEADER` px only the logo. Everybody
    may read it. Raises `NotFound`.
    """
    image = Image.open(BytesIO(_logo(digest))).convert("RGBA")
    if size == HEADER:
        image.thumbnail((2 * size, size // 2))
    else:
        image.thumbnail((size * 7 // 8, size * 7 // 8))
        square = Image.new("RGBA", (size, size), "white" if size >= 180 else (0, 0, 0, 0))
        square.alpha_composite(image, ((size - image.width) // 2, (size - image.height) // 2))
        image = square
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _logo(digest: str) -> bytes:
    found = Picture.objects.filter(kind=PictureKind.LOGO, digest=digest).first()
    if found is None:
        raise NotFound
    return bytes(found.content)


def _svg(png: bytes) -> str:
    width, height = Image.open(BytesIO(png)).size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="{_data_url(png)}"/></svg>'
    )


def _data_url(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode()}"
