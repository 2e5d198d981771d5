"""Videos and sounds, by FFmpeg."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image

from submissions.inspection import thumbnails
from submissions.inspection.found import Code, Found

# Containers of what people film and record. Above all no playlist, whose entries FFmpeg would fetch
# from the disk or the network, and nothing that makes a film of any text.
OPTIONS = {
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,ogg,"
    "mp3,wav,flac,aac",
    "protocol_whitelist": "file",
}
BROWSERS_PLAY = frozenset({"h264", "vp8", "vp9", "libvpx-vp9", "av1", "libdav1d"})
SIDE_MAX = 8192  # pixels
DAMAGES = (av.error.FFmpegError, ValueError, OSError, EOFError, IndexError)


def inspect(path: str, name: str) -> Iterator[Found]:
    """Whether it opens and its pictures can be decoded: one of them is."""
    found = Found({"type": "video"})
    try:
        with av.open(path, options=OPTIONS) as container:
            yield from _opened(found, container, path)
    except DAMAGES:
        yield found.but(Code.UNREADABLE)


def _opened(found: Found, container: InputContainer, path: str) -> Iterator[Found]:
    if container.duration:
        found.facts["seconds"] = round(container.duration / 1_000_000, 1)
    if not container.streams.video:
        found.facts["type"] = "audio"
        next(container.decode(audio=0))
        yield found
        return
    stream = container.streams.video[0]
    context = stream.codec_context
    found.facts.update(width=context.width, height=context.height)
    if max(context.width, context.height) > SIDE_MAX:
        yield found.but(Code.IMAGE_HUGE, width=context.width, height=context.height)
        return
    if context.name not in BROWSERS_PLAY:
        found = found.but(Code.RARE_FORMAT, format=context.name.upper())
    if _is_cut(stream, path):
        found = found.but(Code.TRUNCATED)
    picture = _picture(container, stream)
    yield found
    yield replace(found, thumbnail=thumbnails.webp(picture))


def _picture(container: InputContainer, stream: Any) -> Image.Image:
    """One frame, a little way in: many films begin in black."""
    stream.thread_type = "NONE"
    if container.duration:
        container.seek(min(container.duration // 10, 10_000_000))
    frame = next(container.decode(stream))
    return frame.to_image()


def _is_cut(stream: VideoStream, path: str) -> bool:
    """Whether the film's own index speaks of pictures behind the end of the file."""
    entries = stream.index_entries
    if not len(entries):
        return False
    last = entries[len(entries) - 1]
    return last.pos + last.size > Path(path).stat().st_size
