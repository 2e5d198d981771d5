"""`python -m bench.rehearsal`: `manage.py rehearse` against all services of docker-compose.yml, run
natively with PostgreSQL, Redis and nginx on this machine. Its arguments go to `rehearse`.

Also prints the CPU seconds of each service, and of PostgreSQL, Redis and nginx.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.operations import compose
from tests.operations.night import Night
from tests.run_directory import make_run_directory, remove_run_directory

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(root: int) -> float:
    """Of the process, of its descendants, and of those that they have waited for."""
    parents: dict[int, tuple[int, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = text.rpartition(")")[2].split()
        ticks = sum(map(int, fields[11:15]))
        parents[int(text.split()[0])] = (int(fields[1]), ticks / TICKS)
    wanted, seconds = [root], 0.0
    while wanted:
        pid = wanted.pop()
        seconds += parents.get(pid, (0, 0.0))[1]
        wanted += [child for child, (parent, _) in parents.items() if parent == pid]
    return seconds


def main() -> int:
    make_run_directory()
    try:
        with tempfile.TemporaryDirectory(prefix="ccd-rehearsal-") as directory:
            return rehearse(Path(directory), sys.argv[1:])
    finally:
        remove_run_directory()


def rehearse(data: Path, arguments: list[str]) -> int:
    with Night(data, *compose.site_services()).running() as night:
        roots = night.pids()
        before = {name: cpu_seconds(pid) for name, pid in roots.items()}
        began = time.monotonic()
        with night.rehearsal(*arguments) as process:
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="", flush=True)
        print(f"CPU seconds in {time.monotonic() - began:.0f} s:")
        for name, pid in roots.items():
            print(f"  {name:<10} {cpu_seconds(pid) - before[name]:7.1f}")
        return process.returncode


if __name__ == "__main__":
    raise SystemExit(main())
