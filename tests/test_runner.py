"""What `python -m tests` makes of tests that fail."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.system

PASSES_THE_SECOND_TIME = """
from pathlib import Path

RUNS = Path("runs.txt")

def test_second_time():
    RUNS.write_text((RUNS.read_text() if RUNS.exists() else "") + "x")
    assert RUNS.read_text() == "xx"
"""
FAILS = """
def test_never():
    assert 1 == 2
"""
PASSES = """
def test_always():
    pass
"""
STARTS_A_PROCESS = """
import subprocess

def test_with_a_process():
    try:
        subprocess.run(["true"])
    except RuntimeError:
        pass  # as code that survives a service that is away
"""
CONFIGURATION = """
[pytest]
addopts = -q -p xdist -p tests.suites -p tests.progress
markers =
    rules
    browser
    system
    slow
"""


class Done(NamedTuple):
    code: int
    lines: list[str]

    @property
    def unstable(self) -> list[str]:
        return [line for line in self.lines if line.startswith("unstable: ")]


def run_tests(directory: Path, *texts: str, known: str = "") -> Done:
    """The command, with one module of each text, in a directory with a configuration of its own."""
    (directory / "pytest.ini").write_text(CONFIGURATION)
    (directory / "unstable.md").write_text(f"# Known\n\n* `{known}`: a reason\n")
    for number, text in enumerate(texts):
        (directory / f"test_{number}.py").write_text(text)
    own = {
        "CCD_UNSTABLE_TESTS": str(directory / "unstable.md"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # their import takes ten times as long
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests", "--sqlite", "-n", "2"],
        cwd=directory,
        env={**os.environ, **own},
        check=False,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Done(done.returncode, done.stdout.splitlines())


def test_a_test_that_passes_when_it_runs_again_is_named_at_the_end(tmp_path):
    done = run_tests(tmp_path, PASSES_THE_SECOND_TIME, PASSES)

    assert done.code == 0
    assert done.lines[-1] == "unstable: test_0.py::test_second_time"
    assert done.lines[-2].startswith("== 2 passed in ")
    assert (tmp_path / "runs.txt").read_text() == "xx"


def test_a_test_that_fails_twice_fails_the_run(tmp_path):
    done = run_tests(tmp_path, FAILS, PASSES_THE_SECOND_TIME, PASSES)

    assert done.code == 1
    assert done.unstable == ["unstable: test_1.py::test_second_time"]
    assert done.lines[-2].startswith("== 1 failed, 2 passed in ")


def test_a_test_that_was_unstable_before_is_not_repeated(tmp_path):
    name = "test_0.py::test_second_time"

    done = run_tests(tmp_path, PASSES_THE_SECOND_TIME, known=name)

    assert done.code == 1
    assert done.unstable == []
    assert f"== {name} was unstable before (unstable.md): mend or delete it." in done.lines
    assert done.lines[-1].startswith("== 1 failed in ")
    assert (tmp_path / "runs.txt").read_text() == "x"


def test_nothing_is_repeated_where_the_tests_cannot_be_collected(tmp_path):
    done = run_tests(tmp_path, PASSES, "import no_such_module")

    assert done.code == 1
    assert done.unstable == []


def test_a_test_that_starts_a_process_must_say_so(tmp_path):
    marked = STARTS_A_PROCESS.replace("def", "import pytest\n\n@pytest.mark.system\ndef")

    done = run_tests(tmp_path, STARTS_A_PROCESS, marked)

    assert done.code == 1
    assert done.lines[-1].startswith("== 1 failed, 1 passed in ")
    message = "test_0.py::test_with_a_process is in the suite `rules` and started subprocess.Popen"
    assert message in "\n".join(done.lines)


def test_the_command_runs_with_the_configuration_of_the_project():
    command = [sys.executable, "-m", "tests", "--sqlite", "-n", "0", "tests/test_quick.py"]

    done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("== 3 passed in ")
