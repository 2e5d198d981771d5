"""Videos as phones and screen recorders make them: uneven frames, slow motion, turned frames."""

import io
from pathlib import Path

import av
import pytest
from PIL import Image

from submissions.inspection import videos
from tests.submissions.inspection import samples

# An iPhone that is held upright; held upside down; lying on its other side.
TURNS = {"clockwise": (0, 1, -1, 0), "counterclockwise": (0, -1, 1, 0), "half": (-1, 0, 0, -1)}


def copy_of(path: Path) -> io.BytesIO:
    out = io.BytesIO()
    videos.make_copy(str(path), out)
    out.seek(0)
    return out


def instants_of(copy: io.BytesIO) -> list[float]:
    with av.open(copy) as opened:
        return [frame.time for frame in opened.decode(video=0)]


def jittery(count: int) -> list[float]:
    """29.97 frames a second, each up to 12 ms early or late."""
    return [0.0, *(n * 1001 / 30_000 + (n * 7 % 25 - 12) / 1000 for n in range(1, count))]


@pytest.mark.parametrize(
    "instants",
    [jittery(40), [0, 0.02, 0.5, 0.52, 1.7, 1.72, 1.8], [n / 60 for n in range(30)]],
    ids=["jitter", "screen recording", "60 a second"],
)
def test_a_copy_keeps_the_instants_of_uneven_frames(tmp_path, instants):
    copy = copy_of(samples.timed_video(tmp_path / "a.mp4", instants))

    assert instants_of(copy) == pytest.approx(instants, abs=0.001)


@pytest.mark.parametrize("rate", [120, 240])
def test_a_copy_of_slow_motion_has_sixty_frames_a_second(tmp_path, rate):
    path = samples.timed_video(tmp_path / "a.mp4", [n / rate for n in range(rate // 2)])

    assert instants_of(copy_of(path)) == pytest.approx([n / 60 for n in range(30)], abs=0.001)


def test_a_copy_has_its_whole_length_after_a_long_still(tmp_path):
    instants = [0, 0.1, 0.2, 3.2, 6.2]
    copy = copy_of(samples.timed_video(tmp_path / "a.mp4", instants, b_frames=3))

    with av.open(copy) as opened:
        assert opened.duration >= 6_200_000


def test_a_copy_begins_at_zero_whatever_the_first_instant(tmp_path):
    instants = [36_000 + n / 30 for n in range(30)]
    copy = copy_of(samples.timed_video(tmp_path / "a.ts", instants, sound=True))

    with av.open(copy) as opened:
        assert opened.duration == pytest.approx(1_000_000, abs=100_000)
        assert len(list(opened.decode(video=0))) == 30
        opened.seek(0)
        assert sum(frame.samples for frame in opened.decode(audio=0)) >= videos.AUDIO_RATE


def test_a_copy_of_b_frames_before_zero_is_whole(tmp_path):
    instants = [n / 30 - 0.5 for n in range(30)]
    path = samples.timed_video(tmp_path / "a.mp4", instants, b_frames=3)
    with av.open(str(path)) as opened:
        shown = sum(1 for _frame in opened.decode(video=0))

    copied = instants_of(copy_of(path))

    assert copied == pytest.approx([n / 30 for n in range(shown)], abs=0.001)


def test_a_copy_of_frames_without_instants_has_the_usual_rate(tmp_path):
    with av.open(str(samples.timed_video(tmp_path / "a.mp4", [0, 0.1]))) as opened:
        video = opened.streams.video[0]
        frames = videos.CopyFrames(video, 0)
        wanted = list(opened.decode(video=0))
        for frame in wanted:
            frame.pts = None
        made = [small for frame in wanted for small in frames.reduced(frame)]

    assert [small.pts for small in made] == [0, videos.COPY_TICKS // frames.rate]


@pytest.mark.parametrize("turn", TURNS)
def test_a_copy_and_its_poster_stand_upright(tmp_path, turn):
    path = tmp_path / "a.mp4"
    path.write_bytes(samples.turned(samples.video(path), *TURNS[turn]))

    *_before, result = videos.inspect(str(path), "a.mp4")
    with av.open(copy_of(path)) as copy:
        frame = next(copy.decode(video=0))

    poster = Image.open(io.BytesIO(result.thumbnail))
    assert frame.rotation == 0
    assert white_side(frame.to_image()) == white_side(poster) == SIDES[turn]


# In the first frames of the sample, the white rectangle is at the left.
SIDES = {"clockwise": "top", "counterclockwise": "bottom", "half": "right"}


def white_side(picture: Image.Image) -> str:
    grey = picture.convert("L")
    ends = {"left": (0.05, 0.5), "right": (0.95, 0.5), "top": (0.5, 0.05), "bottom": (0.5, 0.95)}
    return max(
        ends,
        key=lambda end: grey.getpixel(
            (int(ends[end][0] * grey.width), int(ends[end][1] * grey.height))
        ),
    )
