import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hackathon.base.core.sandbox import ROOT
from submissions.inspection import sandbox
from submissions.inspection.dispatch import FileJob
from submissions.inspection.result import FindingCode, Result
from submissions.inspection.sandbox import inspect_in_subprocess
from tests.submissions.inspection import samples
from tests.waiting import wait_until


@pytest.fixture
def endless_file(tmp_path) -> FileJob:
    os.mkfifo(tmp_path / "pipe")
    return FileJob(str(tmp_path / "pipe"), "a.pdf")


def children() -> set[int]:
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


def running_child() -> int:
    return wait_until(children).pop()


def test_an_inspection_that_hangs_is_ended(endless_file):
    result = inspect_in_subprocess(endless_file, seconds=0.5)

    assert result == Result().with_finding(FindingCode.NOT_CHECKED)
    assert children() == set()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_an_inspection_that_crashes_has_a_result(endless_file, number):
    answers: list[Result] = []
    thread = threading.Thread(target=lambda: answers.append(inspect_in_subprocess(endless_file)))
    thread.start()

    os.kill(running_child(), number)
    thread.join(60)

    assert answers == [Result().with_finding(FindingCode.NOT_CHECKED)]


def test_the_last_result_of_a_process_that_is_ended_is_kept(tmp_path):
    (tmp_path / "key").write_bytes(samples.endless_pdf())
    job = FileJob(str(tmp_path / "key"), "a.pdf")
    answers: list[Result] = []
    thread = threading.Thread(target=lambda: answers.append(inspect_in_subprocess(job)))
    thread.start()
    running = running_child()
    wait_until(Path(f"/proc/{running}/fd/1").read_bytes)

    os.kill(running, signal.SIGKILL)
    thread.join(60)

    kept = Result({"type": "pdf", "pages": 1}).with_finding(FindingCode.HARD_TO_SHOW)
    assert answers == [kept]


@pytest.mark.parametrize(
    ("greedy", "error"),
    [
        ("bytearray(3_000_000_000)", "MemoryError"),
        ("open(sys.argv[1], 'wb').write(bytes(9_000_000))", "File too large"),
    ],
)
def test_memory_and_disk_are_limited(greedy, error, tmp_path):
    limited = "from submissions.inspection.__main__ import _limit\n_limit()"
    program = f"import sys\n{limited}\n{greedy}"

    ended = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "out"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert ended.returncode != 0
    assert error in ended.stderr


def test_an_incomplete_line_is_skipped():
    first, second = Result({"type": "pdf", "pages": 3}), Result(thumbnail=b"x" * 100)

    lines = [first.as_json().encode() + b"\n", second.as_json().encode()[:40]]

    assert sandbox._last_result(lines) == first
    assert sandbox._last_result([b"half"]) is None


def test_the_process_does_not_get_the_settings(monkeypatch, endless_file):
    monkeypatch.setenv("CCD_SECRET_KEY", "not-for-files")
    thread = threading.Thread(target=lambda: inspect_in_subprocess(endless_file))
    thread.start()
    pid = running_child()

    environment = Path(f"/proc/{pid}/environ").read_bytes()
    os.kill(pid, signal.SIGKILL)
    thread.join(60)

    assert b"not-for-files" not in environment
    assert b"DJANGO" not in environment
