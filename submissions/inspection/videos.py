from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import av
from av.container import InputContainer
from av.filter import Graph
from av.video.frame import PictureType
from av.video.stream import VideoStream
from PIL import Image

from submissions.inspection import thumbnails
from submissions.inspection.result import COPY_SECONDS, FindingCode, Result

# No playlist formats: FFmpeg would open the entries from the disk or the network. No text formats
# either, of which FFmpeg would make a video.
OPTIONS = {
    "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,ogg,"
    "mp3,wav,flac,aac",
    "protocol_whitelist": "file",
}
BROWSERS_PLAY = frozenset({"h264", "vp8", "vp9", "libvpx-vp9", "av1", "libdav1d"})
SIDE_MAX = 8192  # pixels
COPY_LINES = 480
# "crf": the quality, smaller is better. No B-frames: with uneven frames, FFmpeg would write too
# short a duration.
COPY_OPTIONS = {"crf": "26", "preset": "veryfast", "bf": "0"}
COPY_TICKS = 90_000  # a second: a multiple of all usual frame rates
COPY_GAP = COPY_TICKS // 75  # at least, between two frames: jitter drops none of 60 a second
AUDIO_RATE = 44_100
# By quarter turns counterclockwise: filters of FFmpeg with their argument.
TURNS: dict[int, list[tuple[str, str | None]]] = {
    1: [("transpose", "cclock")],
    2: [("hflip", None), ("vflip", None)],
    3: [("transpose", "clock")],
}
READ_ERRORS = (av.error.FFmpegError, ValueError, OSError, EOFError, IndexError)


def inspect(path: str, name: str) -> Iterator[Result]:
    result = Result({"type": "video"})
    try:
        with av.open(path, options=OPTIONS) as container:
            yield from _opened(result, container, path)
    except READ_ERRORS:
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
    result.facts["plays"] = plays_everywhere(container)
    picture = _picture(container, stream)
    yield result
    yield replace(result, thumbnail=thumbnails.webp(picture))


def _picture(container: InputContainer, stream: Any) -> Image.Image:
    """A frame at a tenth of the length, after 10 s at most: many videos begin with black frames."""
    stream.thread_type = "NONE"
    if container.duration:
        container.seek(min(container.duration // 10, 10_000_000))
    frame = next(container.decode(stream))
    picture: Image.Image = frame.to_image()
    return picture.rotate(90 * quarter_turns(frame), expand=True)


def quarter_turns(frame: av.VideoFrame) -> int:
    """Counterclockwise, that make it upright: phones store frames in the sensor's orientation."""
    return round(frame.rotation / 90) % 4


def _is_truncated(stream: VideoStream, path: str) -> bool:
    entries = stream.index_entries
    if not len(entries):
        return False
    last = entries[len(entries) - 1]
    return last.pos + last.size > Path(path).stat().st_size


def plays_everywhere(container: InputContainer) -> bool:
    """Whether tablets of any maker play it: H.264 with 8 bits in MP4, and usual sound."""
    video = container.streams.video[0].codec_context
    sounds = {stream.codec_context.name for stream in container.streams.audio}
    brand = container.metadata.get("major_brand", "").strip()
    return (
        "mp4" in container.format.name
        and brand != "qt"
        and video.name == "h264"
        and video.pix_fmt in ("yuv420p", "yuvj420p")
        and sounds <= {"aac", "mp3", "mp3float"}
    )


def make_copy(path: str, out: IO[bytes]) -> None:
    """Writes H.264 and AAC in MP4, 480 lines at most. `out` must be seekable. Raises
    `READ_ERRORS`.
    """
    with av.open(path, options=OPTIONS) as source:
        turns = quarter_turns(next(source.decode(video=0)))
    with (
        av.open(path, options=OPTIONS) as source,
        av.open(out, "w", format="mp4", options={"brand": "mp42"}) as target,
    ):
        video = source.streams.video[0]
        video.thread_type = "AUTO"
        frames = CopyFrames(video, turns)
        picture = target.add_stream("libx264", rate=frames.rate, options=COPY_OPTIONS)
        picture.codec_context.time_base = Fraction(1, COPY_TICKS)
        picture.width, picture.height = frames.upright_size
        picture.pix_fmt = "yuv420p"
        streams: list[Any] = [video]
        sound = None
        if source.streams.audio:
            streams.append(source.streams.audio[0])
            sound = target.add_stream("aac", rate=AUDIO_RATE, layout="stereo")
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=AUDIO_RATE)
        start = Fraction(source.start_time or 0, 1_000_000)
        for frame in source.decode(*streams):
            if frame.pts is not None:
                frame.pts -= round(start / frame.time_base)
                if frame.time > COPY_SECONDS:
                    break
            if isinstance(frame, av.VideoFrame):
                for small in frames.reduced(frame):
                    target.mux(picture.encode(small))
            elif sound is not None:
                for part in resampler.resample(frame):
                    target.mux(sound.encode(part))
        target.mux(picture.encode())
        if sound is not None:
            target.mux(sound.encode())


class CopyFrames:
    """Scaled and rotated frames, each later than the one before, about 60 a second at most."""

    def __init__(self, video: VideoStream, turns: int) -> None:
        self.rate = _rate(video)
        self.size = copy_size(video.width, video.height)
        self.upright_size = self.size[::-1] if turns % 2 else self.size
        self._next_ticks = 0  # of a frame without a timestamp
        self._due: int | None = None
        self._turning = _turning(self.size, turns) if turns else None

    def reduced(self, frame: av.VideoFrame) -> Iterator[av.VideoFrame]:
        ticks = self._next_ticks
        if frame.pts is not None:
            ticks = round(frame.pts * frame.time_base * COPY_TICKS)
        if self._due is not None and ticks < self._due:
            return
        self._due = ticks + COPY_GAP
        self._next_ticks = ticks + COPY_TICKS // self.rate
        small = frame.reformat(*self.size, "yuv420p")
        small.pts, small.time_base = ticks, Fraction(1, COPY_TICKS)
        small.pict_type = PictureType.NONE  # else the encoder repeats the choices of the original
        if self._turning is not None:
            self._turning.vpush(small)
            small = self._turning.vpull()
        yield small


def _turning(size: tuple[int, int], turns: int) -> Graph:
    graph = Graph()
    nodes = [graph.add_buffer(None, *size, "yuv420p", time_base=Fraction(1, COPY_TICKS))]
    nodes += [graph.add(name, argument) for name, argument in TURNS[turns]]
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    return graph


def copy_size(width: int, height: int) -> tuple[int, int]:
    """The shorter side has `COPY_LINES` at most; both are even, as H.264 wants."""
    scale = min(1.0, COPY_LINES / min(width, height))
    return max(round(width * scale / 2) * 2, 2), max(round(height * scale / 2) * 2, 2)


def _rate(video: VideoStream) -> int:
    return min(max(round(float(video.average_rate or 25)), 1), 60)
