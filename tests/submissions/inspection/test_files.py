from collections.abc import Callable

import pytest

from submissions.inspection.dispatch import FileJob, inspect_here
from submissions.inspection.result import Result
from submissions.inspection.sandbox import inspect_in_subprocess
from tests.submissions.inspection import samples


@pytest.fixture
def inspect(tmp_path) -> Callable[..., Result]:
    def inspected(content: bytes, name: str, *, sandboxed: bool = False) -> Result:
        path = tmp_path / "key"
        path.write_bytes(content)
        job = FileJob(str(path), name)
        return inspect_in_subprocess(job) if sandboxed else inspect_here(job)

    return inspected


def codes(result: Result) -> list[str]:
    return [finding["code"] for finding in result.findings]


@pytest.mark.parametrize(
    ("content", "name", "facts"),
    [
        (samples.pdf(12), "a.pdf", {"type": "pdf", "pages": 12}),
        (samples.pdf(1), "sans-extension", {"type": "pdf", "pages": 1}),
        (samples.image(), "a.png", {"type": "image", "width": 80, "height": 60}),
        (samples.image("JPEG"), "a.png", {"type": "image", "width": 80, "height": 60}),
        (samples.image("GIF"), "a.gif", {"type": "image", "width": 80, "height": 60}),
        (samples.image("WEBP"), "a.webp", {"type": "image", "width": 80, "height": 60}),
        (samples.image("AVIF"), "a.avif", {"type": "image", "width": 80, "height": 60}),
    ],
)
def test_readable_files_with_a_thumbnail(content, name, facts, inspect):
    result = inspect(content, name, sandboxed=True)

    assert result.findings == []
    assert result.facts == facts
    assert result.thumbnail.startswith(b"RIFF")
    assert len(result.thumbnail) < 200_000


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (samples.archive({"a": b"1", "dir/b": b"2"}), "a.zip", "archive"),
        (samples.archive({"[Content_Types].xml": b"<x/>"}), "a.docx", "document"),
        (samples.archive({"mimetype": b"x"}), "a.odt", "document"),
        ("été,hiver\n".encode() * 4000, "a.csv", "text"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "text"),
        (b"quelques mots", "LISEZMOI", "text"),
    ],
)
def test_readable_files_without_a_thumbnail(content, name, expected, inspect):
    result = inspect(content, name, sandboxed=True)

    assert (result.facts["type"], result.findings, result.thumbnail) == (expected, [], b"")


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"%PDF-1.4 dossier", "a.pdf", ["unreadable"]),
        (b"", "a.pdf", ["unreadable"]),
        (samples.pdf()[:2000], "a.pdf", ["unreadable"]),
        (samples.locked_pdf(), "a.pdf", ["encrypted"]),
        (samples.pageless_pdf(), "a.pdf", ["unreadable"]),
        (samples.archive(), "a.pdf", ["type_mismatch"]),
        (samples.pdf(), "a.zip", ["type_mismatch"]),
        (samples.image(), "a.pdf", ["type_mismatch"]),
        (b"<!doctype html><p>", "a.pdf", ["type_mismatch"]),
        (b"<html><script>alert(1)</script>" + samples.pdf(), "a.pdf", ["two_types"]),
        (samples.archive(), "a.png", ["type_mismatch"]),
        (samples.image()[:3000], "a.png", ["damaged"]),
        (samples.image("JPEG", (800, 600))[:9000], "a.jpg", ["damaged"]),
        (samples.image("TIFF"), "a.tiff", ["rare_format"]),
        (samples.png_bomb(50_000), "a.png", ["image_huge"]),
        (samples.png_bomb(9_000), "a.png", ["damaged"]),
        (b"\0\1\2" * 50, "a.txt", ["unreadable"]),
        (b"\0\1\2" * 50, "maquette.fig", ["rare_format"]),
        (b"\0\1\2" * 50, "sans-extension", ["not_checked"]),
        (bytes.fromhex("377abcaf271c") + bytes(99), "a.7z", ["rare_format"]),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_1.HEIC", ["phone_photo"]),
        (b"\0\1\2" * 50, "IMG_2.heif", ["phone_photo"]),
        (b"PK\3\4" + bytes(90), "a.zip", ["unreadable"]),
        (samples.archive({}), "a.zip", ["archive_empty"]),
        (samples.archive(), "a.docx", ["unreadable"]),
        (samples.nested(samples.archive(), 9), "a.zip", ["archive_bomb"]),
        (samples.archive({"../../etc/cron.d/x": b"x"}), "a.zip", ["archive_odd_names"]),
        (samples.archive({"C:\\x.bat": b"x"}), "a.zip", ["archive_odd_names"]),
        (samples.archive({"fdp.exe\u202e": b"x"}), "a.zip", ["archive_odd_names"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unreadable_and_suspicious_files(content, name, expected, inspect):
    # pdfium may report the error of the file before, so each PDF has a process of its own.
    result = inspect(content, name, sandboxed=name.endswith(".pdf"))

    assert codes(result) == expected


@pytest.mark.parametrize(
    "make",
    [
        samples.zip_bomb,
        lambda: samples.nested(samples.zip_bomb(), 3),
        lambda: samples.archive({f"{n}": b"" for n in range(100_001)}),
    ],
    ids=["zeros", "nested", "entries"],
)
def test_archives_that_are_too_large(make, inspect):
    assert codes(inspect(make(), "a.zip")) == ["archive_bomb"]


def test_a_page_of_any_size_makes_a_small_thumbnail(inspect):
    result = inspect(samples.absurd_pdf(), "a.pdf", sandboxed=True)

    assert result.facts["pages"] == 1
    assert len(result.thumbnail) < 10_000


def test_an_archive_with_a_changed_byte(inspect):
    content = bytearray(samples.archive({"a": bytes(range(256)) * 40}))
    content[60] ^= 0xFF

    assert codes(inspect(bytes(content), "a.zip")) == ["damaged"]


def test_an_archive_with_a_password(inspect):
    content = bytearray(samples.archive())
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert codes(inspect(bytes(content), "a.zip")) == ["encrypted"]


def test_names_of_entries_are_shortened_and_printable(inspect):
    result = inspect(samples.archive({"a\u202e" + "b" * 300: b"x"}), "a.zip")

    assert result.findings[0]["entry"] == "a\ufffd" + "b" * 78


@pytest.mark.parametrize(
    ("name", "codec", "expected"),
    [
        ("a.mp4", "libx264", []),
        ("a.webm", "libvpx-vp9", []),
        ("a.mov", "libx264", []),
        ("a.mp4", "libx265", ["rare_format"]),
        ("a.avi", "mpeg4", ["rare_format"]),
    ],
)
def test_videos(name, codec, expected, tmp_path, inspect):
    content = samples.video(tmp_path / name, codec)

    result = inspect(content, name, sandboxed=True)

    assert codes(result) == expected
    facts = result.facts
    assert (facts["type"], facts["width"], facts["height"]) == ("video", 320, 180)
    assert facts["seconds"] == pytest.approx(2, abs=0.2)
    assert result.thumbnail.startswith(b"RIFF")


def test_a_video_without_its_end(tmp_path, inspect):
    content = samples.video(tmp_path / "a.mp4", options={"movflags": "faststart"})

    assert codes(inspect(content[: len(content) * 2 // 3], "a.mp4")) == ["truncated"]


@pytest.mark.parametrize(
    "content",
    [
        b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\x1b[31mletters that FFmpeg would show\n" * 50,
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(500),
        bytes(range(256)) * 20,
    ],
)
def test_files_that_are_only_named_like_a_video(content, inspect):
    assert codes(inspect(content, "a.mp4")) == ["unreadable"]
