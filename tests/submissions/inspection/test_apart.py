"""Files that hang or kill whoever reads them: the process around stays, and has an answer."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from submissions.inspection import apart
from submissions.inspection.apart import look_apart
from submissions.inspection.found import Code, Found
from submissions.inspection.look import FileJob
from tests.submissions.inspection import samples


@pytest.fixture
def stuck(tmp_path: Path) -> FileJob:
    """A file that nobody ever finishes to read."""
    os.mkfifo(tmp_path / "pipe")
    return FileJob(str(tmp_path / "pipe"), "a.pdf")


def children() -> set[int]:
    """The inspections that run below this process."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            command = (path.parent / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == os.getpid() and b"submissions.inspection" in command:
            found.add(int(path.parent.name))
    return found


def test_one_that_hangs_is_ended(stuck: FileJob) -> None:
    found = look_apart(stuck, seconds=0.5)

    assert found == Found().but(Code.NOT_CHECKED)
    assert children() == set()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_one_that_crashes_harms_nobody(stuck: FileJob, number: int) -> None:
    answers: list[Found] = []
    thread = threading.Thread(target=lambda: answers.append(look_apart(stuck)))
    thread.start()
    while not (running := children()):
        time.sleep(0.02)

    os.kill(running.pop(), number)
    thread.join(5)

    assert answers == [Found().but(Code.NOT_CHECKED)]


def test_what_was_known_before_the_time_was_over_holds(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(samples.endless_pdf())

    found = look_apart(FileJob(str(tmp_path / "key"), "a.pdf"), seconds=3)

    assert found == Found({"type": "pdf", "pages": 1}).but(Code.HARD_TO_SHOW)


@pytest.mark.parametrize(
    ("greedy", "error"),
    [
        ("bytearray(3_000_000_000)", "MemoryError"),
        ("open(sys.argv[1], 'wb').write(bytes(9_000_000))", "File too large"),
    ],
)
def test_memory_and_disk_are_bounded(greedy: str, error: str, tmp_path: Path) -> None:
    program = f"import sys\nfrom submissions.inspection.__main__ import bind\nbind()\n{greedy}"

    ended = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "out"],
        cwd=apart.ROOT,
        capture_output=True,
        text=True,
    )

    assert ended.returncode != 0
    assert error in ended.stderr


def test_half_a_line_is_no_answer() -> None:
    first, second = Found({"type": "pdf", "pages": 3}), Found(thumbnail=b"x" * 100)

    lines = [first.as_json().encode() + b"\n", second.as_json().encode()[:40]]

    assert apart._last(lines) == first
    assert apart._last([b"half"]) is None


def test_nothing_of_the_settings_is_there(monkeypatch: pytest.MonkeyPatch, stuck: FileJob) -> None:
    monkeypatch.setenv("CCD_SECRET_KEY", "not-for-files")
    thread = threading.Thread(target=lambda: look_apart(stuck, seconds=5))
    thread.start()
    while not (running := children()):
        time.sleep(0.02)
    pid = running.pop()

    environment = Path(f"/proc/{pid}/environ").read_bytes()
    os.kill(pid, signal.SIGKILL)
    thread.join(5)

    assert b"not-for-files" not in environment
    assert b"DJANGO" not in environment
