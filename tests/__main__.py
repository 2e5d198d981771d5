"""Runs the tests on SQLite and, beside them, those marked `database` or `postgres` on PostgreSQL.

    python -m tests [rules] [browser] [system] [quick] [--full] [--sqlite] [pytest arguments]

A suite (tests/suites.py) restricts the run to its tests; `quick` to contracts and to the folders of
what has changed (tests/quick.py), on SQLite, as --sqlite does. The tests of deployment run when
what they guard has changed (tests/deployment.py), or by name. With --full they run, as the long
versions of slow tests do, and PostgreSQL runs everything but the browser. With CI=true everything
must be there, and a skipped test is a failure.

Tests that failed run once more, each alone in a process. One that passes then is unstable: the
last lines name it, and the run passes, unless tests/unstable.md has named it before.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from tests import deployment, quick, services
from tests.migrated import NAME, migrated_postgres
from tests.outcomes import Run, outcome_of, repeat
from tests.run_directory import run_directory

CI = os.environ.get("CI") == "true"
SUITES = ("rules", "browser", "system")
# Run once more without any extra: each address, the demo, the pages that follow messages. That no
# right depends on an extra, and the other starts of the day, the whole run shows.
CORE = (
    "tests/test_access.py::test_every_route_is_in_the_table",
    "tests/test_access.py::test_who_reads[running]",
    "tests/test_access.py::test_who_writes[running]",
    "tests/demo",
    "tests/editions/test_options.py",
    "tests/site/test_live_contract.py",
    "-k",
    "not test_an_old_page or unchanged",
)
OPTIONS = (*SUITES, "quick", "--full", "--sqlite")


def main(arguments: list[str]) -> int:
    """Returns the exit code: 0 only if every run passed, unstable tests apart."""
    begun = time.monotonic()
    own = {argument for argument in arguments if argument in OPTIONS}
    arguments = [argument for argument in arguments if argument not in own]
    found = {
        "PostgreSQL (apt install postgresql)": services.postgres_bin(),
        "Redis (apt install redis-server)": services.redis_bin(),
        "Chromium (apt install chromium)": services.chromium_bin(),
        "Firefox (apt install firefox-esr)": services.firefox_bin(),
        "nginx (apt install nginx)": services.nginx_bin(),
        "Alertmanager (apt install promtool prometheus-alertmanager)": services.alertmanager_bin(),
    }
    full = "--full" in own
    if full:
        needed = "docker.io docker-cli docker-compose docker-buildx debootstrap slirp4netns"
        name = f"Docker (apt install {needed})"
        found[name] = services.containers_can_run()
    missing = [name for name, path in found.items() if not path]
    for name in missing:
        print(f"Not found: {name}. The tests that need it do not run.", flush=True)
    if CI and missing:
        print("With CI=true nothing may be skipped.")
        return 1

    if "quick" in own:
        arguments += quick.arguments()
        own |= {"rules", "--sqlite"}
    since = None if full or arguments else deployment.unchanged_since()
    elsewhere = deployment.modules() if since else []
    marked = " or ".join(suite for suite in SUITES if suite in own)
    conditions = [f"({marked})"] if marked else []
    conditions += [] if full else ["not slow"]
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        stack.enter_context(run_directory())
        beside = None
        if services.postgres_bin() and "--sqlite" not in own and marked != "browser":
            output = stack.enter_context(tempfile.TemporaryFile("w+"))
            chosen = arguments if full or arguments else _marked_modules(elsewhere)
            beside = pool.submit(_on_postgres, stack, conditions, full, chosen, output)
        chosen = [*arguments, *(f"--ignore={name}" for name in elsewhere)]
        runs = [_pytest("SQLite", _workers(own), conditions, chosen, {})]
        if not arguments and own <= {"--full"}:
            runs.append(
                _pytest("SQLite, the core alone", 2, ["not slow"], CORE, {"CCD_EXTRAS": ""})
            )
        if beside is not None:
            runs.append(beside.result())
            output.seek(0)
            print("== Tests on PostgreSQL", output.read(), sep="\n", flush=True)
        repeat(runs, skipped_fails=CI)
    left_out = [] if full else ["long versions of slow tests (make test-full)"]
    if since:
        number = f"{deployment.number_of_tests()} tests of deployment"
        left_out.append(f"{number}, which is unchanged since {since:.8}")
    left_out += [f"what needs {name}, not found" for name in missing]
    print(f"== {'. '.join(map(str, runs))}. Not run: {'; '.join(left_out) or 'nothing'}.")
    print(_closing_line(runs, time.monotonic() - begun))
    for nodeid in dict.fromkeys(nodeid for run in runs for nodeid in run.unstable):
        print(f"unstable: {nodeid}")
    return int(any(run.has_failed for run in runs))


def _workers(own: set[str]) -> int:
    """Tests in the browser and of processes wait for a third of their time. More workers use it."""
    waits = own.isdisjoint(SUITES) or own & {"browser", "system"}
    return _processors() + bool(waits and services.chromium_bin())


def _processors() -> int:
    return len(os.sched_getaffinity(0))


def _closing_line(runs: Sequence[Run], seconds: float) -> str:
    """As that of pytest, over all runs."""
    failed, passed = (sum(getattr(run, name) for run in runs) for name in ("failed", "passed"))
    skipped = sum(run.skipped.total() for run in runs)
    counts = [(failed, "failed"), (passed, "passed"), (skipped, "skipped")]
    counted = ", ".join(f"{count} {name}" for count, name in counts if count)
    return f"== {counted or 'no tests ran'} in {seconds:.2f}s"


def _on_postgres(
    stack: contextlib.ExitStack,
    conditions: Sequence[str],
    full: bool,
    arguments: Sequence[str],
    output: IO[str],
) -> Run:
    """The server runs until the end of `stack`."""
    url = stack.enter_context(services.postgres(data=migrated_postgres()))
    env = {"CCD_DATABASE_URL": url, "CCD_TEST_TEMPLATE": NAME}
    if full:
        elsewhere = ("browser", "containers", "repository")  # the same on each database
        arguments = [*(f"--ignore=tests/{folder}" for folder in elsewhere), *arguments]
    else:
        conditions = [*conditions, "(database or postgres)"]
    return _pytest("PostgreSQL", _processors(), conditions, arguments, env, output)


def _marked_modules(elsewhere: Sequence[str]) -> list[str]:
    """To collect all tests takes longer than many of these."""
    modules = (path for path in Path("tests").rglob("test_*.py") if str(path) not in elsewhere)
    marks = "mark.database", "mark.postgres"
    return [str(path) for path in modules if any(mark in path.read_text() for mark in marks)]


def _pytest(
    name: str,
    workers: int,
    conditions: Sequence[str],
    arguments: Sequence[str],
    env: dict[str, str],
    output: IO[str] | None = None,
) -> Run:
    if output is None:
        print(f"== Tests on {name}", flush=True)
    with tempfile.TemporaryDirectory() as directory:
        report = Path(directory) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "worksteal"]
        command += ["-rs", f"--junitxml={report}", "-o", f"cache_dir={directory}/cache"]
        command += ["-m", " and ".join(conditions)]
        code = subprocess.run(
            [*command, *arguments], env={**os.environ, **env}, check=False, stdout=output
        ).returncode
        return outcome_of(name, env, code, Path(directory))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
