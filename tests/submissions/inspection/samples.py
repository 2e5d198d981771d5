import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
from PIL import Image, ImageDraw

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf(pages: int = 3) -> bytes:
    sheets = [Image.new("RGB", (210, 297), (20 * n % 255, 90, 160)) for n in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def written_pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d /Root 1 0 R %s>>\n" % (len(objects) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def locked_pdf() -> bytes:
    key = b"<" + b"ab" * 32 + b">"
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O %s/U %s>>/ID[<00><00>]" % (key, key)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>"
    return written_pdf(CATALOG, ONE_PAGE, page, trailer=lock)


def pageless_pdf() -> bytes:
    return written_pdf(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>")


def absurd_pdf() -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200000000000 200000000000]>>"
    return written_pdf(CATALOG, ONE_PAGE, page)


def endless_pdf() -> bytes:
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
        b"/Resources<</XObject<</F 5 0 R>>>>>>"
    )
    draws = b"/F Do\n" * 50
    stream = b"<</Length %d>>\nstream\n%s\nendstream" % (len(draws), draws)
    forms = [
        b"<</Type/XObject/Subtype/Form/BBox[0 0 200 200]"
        b"/Resources<</XObject<</F %d 0 R>>>>/Length %d>>\nstream\n%s\nendstream"
        % (number + 1, len(draws), draws)
        for number in range(5, 12)
    ]
    last = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 9>>\nstream\n0 0 9 9 re\nendstream"
    return written_pdf(CATALOG, ONE_PAGE, page, stream, *forms, last)


def image(kind: str = "PNG", size: tuple[int, int] = (80, 60)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, kind)
    return out.getvalue()


def png_bomb(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
        )

    header = struct.pack("!IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def video(path: Path, codec: str = "libx264", options: dict[str, str] | None = None) -> bytes:
    with av.open(str(path), "w", options=options or {}) as out:
        stream = out.add_stream(codec, rate=12)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for n in range(24):
            picture = Image.new("RGB", (320, 180), (n * 9, 80, 160))
            ImageDraw.Draw(picture).rectangle((n * 5, 50, n * 5 + 60, 120), fill="white")
            out.mux(stream.encode(av.VideoFrame.from_image(picture)))
        out.mux(stream.encode())
    return path.read_bytes()


def timed_video(
    path: Path, instants: Sequence[float], *, b_frames: int = 0, sound: bool = False
) -> Path:
    """Frames at these instants, in seconds; with `sound`, a tone of a second from the first on."""
    ticks = Fraction(1, 90_000)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"bf": str(b_frames)})
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        stream.codec_context.time_base = ticks
        heard = out.add_stream("aac", rate=48_000, layout="mono") if sound else None
        for n, instant in enumerate(instants):
            frame = av.VideoFrame.from_image(Image.new("RGB", (64, 36), (n * 9 % 255, 80, 160)))
            frame.pts, frame.time_base = round(instant / ticks), ticks
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
        if heard is not None:
            frame = av.AudioFrame(format="fltp", layout="mono", samples=48_000)
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            frame.sample_rate = 48_000
            frame.pts, frame.time_base = round(instants[0] * 48_000), Fraction(1, 48_000)
            out.mux(heard.encode(frame))
            out.mux(heard.encode())
    return path


def turned(mp4: bytes, a: int, b: int, c: int, d: int) -> bytes:
    """With this matrix (ISO/IEC 14496-12, 8.3.2), as a phone writes it that was not held upright
    for its sensor: (0, 1, -1, 0) turns what is shown clockwise.
    """
    at = mp4.index(b"tkhd") + 44
    size = 36
    ones = [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30]
    return mp4[:at] + struct.pack("!9i", *ones) + mp4[at + size :]


def archive(files: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in ({"a.txt": b"a"} if files is None else files).items():
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def zip_bomb(megabytes: int = 600) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made,
        made.open("zeros", "w", force_zip64=True) as file,
    ):
        for _ in range(megabytes):
            file.write(bytes(1_000_000))
    return out.getvalue()


def nested(content: bytes, depth: int) -> bytes:
    for _ in range(depth):
        content = archive({"inner.zip": content})
    return content
