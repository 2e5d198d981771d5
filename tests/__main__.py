"""Runs all tests on SQLite and, beside them, those marked `database` or `postgres` on PostgreSQL.

    python -m tests [--full] [pytest arguments]

With --full the long versions of slow tests run too, and PostgreSQL runs everything but the
browser. With CI=true everything must be there, and a skipped test is a failure.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from tests import services
from tests.migrated import NAME, migrated_postgres
from tests.run_directory import make_run_directory, remove_run_directory

CI = os.environ.get("CI") == "true"


@dataclass
class Run:
    """One run of pytest, as its JUnit report counts it."""

    name: str
    code: int
    passed: int
    failed: int
    skipped: Counter[str]  # by reason

    def __str__(self) -> str:
        counts = [f"{self.passed} passed"]
        counts += [f"{self.failed} failed"] if self.failed else []
        counts += [f"{n} skipped ({reason})" for reason, n in self.skipped.items()]
        return f"{self.name}: {', '.join(counts)}"


def main(arguments: list[str]) -> int:
    """Returns the exit code: 0 only if every run passed."""
    full = "--full" in arguments
    arguments = [argument for argument in arguments if argument != "--full"]
    found = {
        "PostgreSQL (apt install postgresql)": services.postgres_bin(),
        "Redis (apt install redis-server)": services.redis_bin(),
        "Chromium (apt install chromium)": services.chromium_bin(),
        "nginx (apt install nginx)": services.nginx_bin(),
    }
    missing = [name for name, path in found.items() if not path]
    for name in missing:
        print(f"Not found: {name}. The tests that need it do not run.", flush=True)
    if CI and missing:
        print("With CI=true nothing may be skipped.")
        return 1

    processors = len(os.sched_getaffinity(0))
    # Tests in the browser and of processes wait for a third of their time. More workers use it.
    workers = processors + 1 if services.chromium_bin() else processors
    selected = [] if full else ["-m", "not slow"]
    with contextlib.ExitStack() as stack:
        make_run_directory()
        stack.callback(remove_run_directory)
        beside = None
        if services.postgres_bin():
            beside = stack.enter_context(_on_postgres(processors, full, arguments))
        runs = [_pytest("SQLite", workers, [*selected, *arguments], {})]
        if beside is not None:
            runs.append(beside())
    left_out = [] if full else ["long versions of slow tests (make test-full)"]
    left_out += [f"what needs {name}, not found" for name in missing]
    print(f"== {'. '.join(map(str, runs))}. Not run: {'; '.join(left_out) or 'nothing'}.")
    return max(run.code for run in runs)


@contextlib.contextmanager
def _on_postgres(workers: int, full: bool, arguments: list[str]) -> Iterator[Callable[[], Run]]:
    """Yields a function that waits for the end, and prints what pytest has printed."""
    marked = [] if full else ["-m", "(database or postgres) and not slow"]
    ignored = ["--ignore=tests/browser", "--ignore=tests/repository"]
    with (
        tempfile.TemporaryFile("w+") as output,
        ThreadPoolExecutor(1) as pool,
    ):

        def run() -> Run:
            with services.postgres(data=migrated_postgres()) as url:
                own = {"CCD_DATABASE_URL": url, "CCD_TEST_TEMPLATE": NAME}
                command = [*ignored, *marked, *arguments]
                return _pytest("PostgreSQL", workers, command, own, output)

        future = pool.submit(run)

        def result() -> Run:
            run = future.result()
            output.seek(0)
            print("== Tests on PostgreSQL", output.read(), sep="\n", flush=True)
            return run

        yield result


def _pytest(
    name: str,
    workers: int,
    arguments: list[str],
    env: dict[str, str],
    output: IO[str] | None = None,
) -> Run:
    if output is None:
        print(f"== Tests on {name}", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "worksteal"]
        command += ["-rs", f"--junitxml={report}", *arguments]
        code = subprocess.run(
            command, env={**os.environ, **env}, check=False, stdout=output
        ).returncode
        cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []  # noqa: S314
    outcomes = [{child.tag: child.get("message", "") for child in case} for case in cases]
    failed = sum("failure" in each or "error" in each for each in outcomes)
    skipped = Counter(each["skipped"] for each in outcomes if "skipped" in each)
    return Run(name, code, len(cases) - failed - skipped.total(), failed, skipped)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
