from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from PIL import Image

from submissions.inspection import thumbnails
from submissions.inspection.result import FindingCode, Result

# No playlist formats: FFmpeg would open the entries from the disk or the network. No text formats
# either, of which FFmpeg would make a video.
OPTIONS = {
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,ogg,"
    "mp3,wav,flac,aac",
    "protocol_whitelist": "file",
}
BROWSERS_PLAY = frozenset({"h264", "vp8", "vp9", "libvpx-vp9", "av1", "libdav1d"})
SIDE_MAX = 8192  # pixels
DAMAGES = (av.error.FFmpegError, ValueError, OSError, EOFError, IndexError)


def inspect(path: str, name: str) -> Iterator[Result]:
    result = Result({"type": "video"})
    try:
        with av.open(path, options=OPTIONS) as container:
            yield from _opened(result, container, path)
    except DAMAGES:
        yield result.with_finding(FindingCode.UNREADABLE)


def _opened(result: Result, container: InputContainer, path: str) -> Iterator[Result]:
    if container.duration:
        result.facts["seconds"] = round(container.duration / 1_000_000, 1)
    if not container.streams.video:
        result.facts["type"] = "audio"
        next(container.decode(audio=0))
        yield result
        return
    stream = container.streams.video[0]
    context = stream.codec_context
    result.facts.update(width=context.width, height=context.height)
    if max(context.width, context.height) > SIDE_MAX:
        yield result.with_finding(
            FindingCode.IMAGE_HUGE, width=context.width, height=context.height
        )
        return
    if context.name not in BROWSERS_PLAY:
        result = result.with_finding(FindingCode.RARE_FORMAT, format=context.name.upper())
    if _is_truncated(stream, path):
        result = result.with_finding(FindingCode.TRUNCATED)
    picture = _picture(container, stream)
    yield result
    yield replace(result, thumbnail=thumbnails.webp(picture))


def _picture(container: InputContainer, stream: Any) -> Image.Image:
    """A frame at a tenth of the length, after 10 s at most: many videos begin with black frames."""
    stream.thread_type = "NONE"
    if container.duration:
        container.seek(min(container.duration // 10, 10_000_000))
    frame = next(container.decode(stream))
    return frame.to_image()


def _is_truncated(stream: VideoStream, path: str) -> bool:
    entries = stream.index_entries
    if not len(entries):
        return False
    last = entries[len(entries) - 1]
    return last.pos + last.size > Path(path).stat().st_size
