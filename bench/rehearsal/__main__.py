"""`python -m bench.rehearsal`: `manage.py rehearse` against all services of docker-compose.yml, run
natively with PostgreSQL, Redis and nginx on this machine. Its arguments go to `rehearse`.

Also prints the CPU seconds of the clients, of each service, and of PostgreSQL, Redis and nginx.
"""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.operations import compose
from tests.operations.night import Night
from tests.run_directory import run_directory

TICKS = os.sysconf("SC_CLK_TCK")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    with run_directory(), tempfile.TemporaryDirectory(prefix="ccd-rehearsal-") as directory:
        return rehearse(Path(directory), sys.argv[1:])


def rehearse(data: Path, arguments: list[str]) -> int:
    with Night(data, *compose.site_services(), gives_way=True).running() as night:
        roots = night.pids()
        before = {name: cpu_seconds(pid) for name, pid in roots.items()}
        began, prepared, clients = time.monotonic(), 0.0, 0.0
        with night.rehearsal(*arguments) as process:
            assert process.stdout is not None
            for line in process.stdout:
                print(line, end="", flush=True)
                clients = cpu_seconds(process.pid)
                prepared = prepared or clients  # it begins
        print(f"CPU seconds in {time.monotonic() - began:.0f} s, and {prepared:.1f} to prepare it:")
        print(f"  {'clients':<10} {clients - prepared:7.1f}")
        for name, pid in roots.items():
            print(f"  {name:<10} {cpu_seconds(pid) - before[name]:7.1f}")
        return process.returncode


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


if __name__ == "__main__":
    raise SystemExit(main())
