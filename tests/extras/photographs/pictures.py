"""Pictures that tests send."""

import hashlib
import io

from PIL import ExifTags, Image

from hackathon.base.core.received_files import ReceivedFile, received_file
from hackathon.extras.photographs.drawing import sizes
from hackathon.extras.photographs.services import Drawn

CAMERA, PLACE, COMMENT = "Appareil de Louis", "48/1", "Salle de Louis"


def jpeg(color: str = "navy", size: tuple[int, int] = (60, 40)) -> bytes:
    """As a phone makes it: held upright, with place, camera, comment and XMP."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = CAMERA
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (48.0, 41.0, 0.0)}
    out = io.BytesIO()
    image = Image.new("RGB", size, color)
    image.save(out, "JPEG", exif=exif, comment=COMMENT, xmp=f"<x>{COMMENT}</x>".encode())
    return out.getvalue()


def picture(name: str, color: str = "navy") -> ReceivedFile:
    return received_file(jpeg(color), name)


def drawn(name: str) -> Drawn:
    """Another picture for another name, without a process."""
    content = jpeg()
    return Drawn(name, hashlib.sha256(name.encode()).hexdigest(), sizes(content))
