"""Site processes and management commands without the seconds that importing the site takes.

A fork server imports the site once and then forks: each fork is a fresh process of the site, on
the same environment, that can be stopped or killed like any other.
"""

import contextlib
import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.shifted_clock import shift

ROOT = Path(__file__).parent.parent


class ForkedProcess:
    """A child of the fork server, with the part of `subprocess.Popen` that tests use."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._pidfd = os.pidfd_open(pid)
        except ProcessLookupError:
            self._pidfd = -1

    def poll(self) -> int | None:
        """None while it runs, else 0: the fork server does not keep exit codes."""
        return 0 if self._ends_within(0) else None

    def send_signal(self, number: signal.Signals) -> None:
        """Nothing happens if it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._pidfd, number)

    def wait(self, timeout: float) -> None:
        """Raises TimeoutError if it still runs after so many seconds."""
        if not self._ends_within(timeout):
            raise TimeoutError(f"Process {self.pid} still runs after {timeout} s")
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    def kill_group(self) -> None:
        """Kill it with the processes that it started."""
        if self.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
        self.wait(60)

    def _ends_within(self, seconds: float) -> bool:
        return self._pidfd < 0 or bool(select.select([self._pidfd], [], [], seconds)[0])


class ForkServer:
    """Started with the environment of the site; the settings are read once, from there.

    `offset`: by how many seconds the clock of its next forks is ahead.
    """

    def __init__(self, env: dict[str, str]) -> None:
        self.offset = 0.0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fork_server"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def serve(self, log: Path, **options: Any) -> ForkedProcess:
        """A process of the site, with these options of uvicorn; its output is added to `log`."""
        return self._fork(log, serve=options)

    def manage(self, *arguments: str) -> str:
        """Run a management command; gives what it prints. Raises if it fails."""
        with tempfile.NamedTemporaryFile("r") as output:
            path = Path(output.name)
            self._fork(path, manage=arguments).wait(300)
            text = output.read()
        printed, done, _rest = text.rpartition(DONE)
        assert done, f"manage.py {' '.join(arguments)}\n{text}"
        return printed

    def close(self) -> None:
        """End the fork server; its forks go on."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()

    def _fork(self, output: Path, **what: Any) -> ForkedProcess:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"output": str(output), "offset": self.offset, **what}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return ForkedProcess(int(self._process.stdout.readline()))


# ---------------------------------------------------------------- in the fork server's process

DONE = "\n-- done --\n"  # a command ends its output with it, if it does not fail


def main() -> None:
    """Fork once for each line of the standard input, and answer with the process id."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")
    import uvicorn
    from django.core.management import get_commands
    from django.db.migrations.loader import MigrationLoader
    from django.template.loader import get_template
    from django.urls import get_resolver

    from hackathon.asgi import application
    from hackathon.celery import app
    from tests.sources import template_folders

    # What a fork would do again: it imports 250 modules if it begins without them.
    get_commands()
    assert get_resolver().url_patterns  # imports the views
    MigrationLoader(None)
    uvicorn.Config(application, ws="websockets-sansio").load()
    app.WorkController(pool_cls="threads", without_heartbeat=True)
    for folder in template_folders():
        for path in folder.rglob("*.html"):
            get_template(str(path.relative_to(folder)))
    signal.signal(signal.SIGCHLD, _reap)
    gc.collect()
    gc.freeze()  # else the first collection in a fork copies every page
    for line in sys.stdin:
        order = json.loads(line)
        if (pid := os.fork()) == 0:
            _run(order, lambda options: uvicorn.run(application, **options))
        print(pid, flush=True)


def _reap(*_: Any) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _run(order: dict[str, Any], serve: Any) -> None:
    """The life of a fork."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        log = os.open(order["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        if order["offset"]:
            shift(timedelta(seconds=order["offset"]))
        if "serve" in order:
            serve(order["serve"])
        else:
            from django.core.management import execute_from_command_line

            execute_from_command_line(["manage.py", *order["manage"]])
            print(DONE, end="")
        code = 0
    except BaseException:  # noqa: BLE001 - a fork must not go on with the server's loop
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
