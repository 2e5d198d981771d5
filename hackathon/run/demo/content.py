"""Small valid PDF, PNG, MP4 and ZIP files."""

import io
import zipfile
from collections.abc import Callable
from functools import cache, partial

import av
from PIL import Image, ImageDraw, ImageFont

from hackathon.base.core.typography import plain_letters

_font = cache(ImageFont.load_default)
COLOURS = ["#4b3bff", "#12b886", "#ffae1a", "#ff4d4f", "#15122e", "#3b82c4"]
VIDEO_SECONDS, RATE = 4, 12


def picture(title: str, subtitle: str, *, seed: int) -> Image.Image:
    colour = COLOURS[seed % len(COLOURS)]
    image = Image.new("RGB", (620, 877), "#f3f2f9")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 620, 560), fill=colour)
    for i in range(7):
        left = 60 + (i * 83 + seed * 29) % 470
        draw.rounded_rectangle((left, 300 + i * 30, left + 70, 350 + i * 30), 8, fill="#ffe07a")
    # Pillow's own font has no accented letters.
    draw.text((60, 90), plain_letters(title), fill="white", font=_font(44))
    draw.text((60, 160), plain_letters(subtitle), fill="white", font=_font(20))
    draw.text((60, 620), "Crazy Charly Day", fill="#15122e", font=_font(26))
    return image


def pdf(title: str, subtitle: str, *, seed: int, pages: int = 3) -> bytes:
    sheets = [picture(title, f"{subtitle}, p. {n + 1}", seed=seed + n) for n in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], quality=60)
    return out.getvalue()


def png(title: str, subtitle: str, *, seed: int) -> bytes:
    out = io.BytesIO()
    picture(title, subtitle, seed=seed).save(out, "PNG")
    return out.getvalue()


def archive(title: str, subtitle: str, *, seed: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("LISEZMOI.txt", f"{title}\n{subtitle}\nVersion {seed}\n")
        files.writestr("site/index.html", f"<!doctype html><title>{title}</title><h1>{title}</h1>")
        files.writestr("site/style.css", f"h1 {{ color: {COLOURS[seed % len(COLOURS)]} }}\n")
    return out.getvalue()


MAKERS: dict[str, Callable[..., bytes]] = {"pdf": partial(pdf, pages=2), "png": png, "zip": archive}


def make(formats: list[str], title: str, subtitle: str, *, seed: int) -> tuple[str, bytes] | None:
    """Extension and content, in the first of these formats that we can make."""
    for extension in formats:
        if extension in MAKERS:
            return extension, MAKERS[extension](title, subtitle, seed=seed)
    return None


def video(seed: int) -> bytes:
    """Four seconds, which browsers play: one picture for each."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.options = {"preset": "ultrafast"}
        for second in range(VIDEO_SECONDS):
            sheet = picture("Notre projet", f"{second + 1} / {VIDEO_SECONDS}", seed=seed)
            shown = sheet.resize((640, 905)).crop((0, 40, 640, 400))
            for _ in range(RATE):
                frame = av.VideoFrame.from_image(shown)  # type: ignore[no-untyped-call]
                for packet in stream.encode(frame):
                    container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return out.getvalue()
