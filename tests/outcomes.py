"""What became of a run of pytest, and of the tests that failed in it when they run once more."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import pytest

# The history of tests that failed and passed when they ran again, for `CCD_UNSTABLE_TESTS`.
UNSTABLE = Path(__file__).parent / "unstable.md"
# When more fail, the cause is not chance.
MOST_REPEATED = 10


@dataclass
class Run:
    """One run of pytest; `env`: what its environment has more than that of this process."""

    name: str
    env: dict[str, str]
    code: int
    passed: int
    failures: list[str]  # node ids
    skipped: Counter[str]  # by reason
    unstable: list[str] = field(default_factory=list)
    has_failed: bool = False

    @property
    def failed(self) -> int:
        return len(self.failures)

    def __str__(self) -> str:
        counts = [f"{self.passed} passed"]
        counts += [f"{self.failed} failed"] if self.failures else []
        counts += [f"{len(self.unstable)} unstable"] if self.unstable else []
        counts += [f"{n} skipped ({reason})" for reason, n in self.skipped.items()]
        return f"{self.name}: {', '.join(counts)}"


def outcome_of(name: str, env: dict[str, str], code: int, directory: Path) -> Run:
    """From the JUnit report and the cache that pytest has left in `directory`."""
    report, failures = directory / "report.xml", directory / "cache/v/cache/lastfailed"
    cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []  # noqa: S314
    outcomes = [{child.tag: child.get("message", "") for child in case} for case in cases]
    skipped = Counter(each["skipped"] for each in outcomes if "skipped" in each)
    passed = sum(each.keys().isdisjoint(("failure", "error", "skipped")) for each in outcomes)
    failed = list(json.loads(failures.read_text())) if failures.exists() else []
    return Run(name, env, code, passed, failed, skipped)


def repeat(runs: Sequence[Run], *, skipped_fails: bool) -> None:
    """Runs what failed once more, after everything else, and decides whether each run has failed.

    Only a run that failed by its tests is decided by them: not one that was interrupted, or that
    could not collect them.
    """
    known = set(re.findall(r"^[-*] `(.+?)`", unstable_tests().read_text(), re.M))
    for run in runs:
        by_tests = run.code == pytest.ExitCode.TESTS_FAILED and run.failures
        if by_tests and run.failed <= MOST_REPEATED:
            for nodeid in tuple(run.failures):
                _decide(run, nodeid, known)
            run.has_failed = bool(run.failures)
        else:
            run.has_failed = run.code not in (
                pytest.ExitCode.OK,
                pytest.ExitCode.NO_TESTS_COLLECTED,  # of the selected ones, on this database
            )
        run.has_failed |= skipped_fails and run.skipped.total() > 0


def _decide(run: Run, nodeid: str, known: set[str]) -> None:
    if nodeid in known:
        print(f"== {nodeid} was unstable before ({unstable_tests().name}): mend or delete it.")
        return
    print(f"== Once more, alone: {nodeid} ({run.name})", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "0", nodeid]
    if subprocess.run(command, env={**os.environ, **run.env}, check=False).returncode == 0:
        run.failures.remove(nodeid)
        run.passed += 1
        run.unstable.append(nodeid)


def unstable_tests() -> Path:
    return Path(os.environ.get("CCD_UNSTABLE_TESTS", UNSTABLE))
