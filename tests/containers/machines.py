"""Machines with Docker of their own: `tests/containers/machine`."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.standby.machines import HALL, ip
from tests import services
from tests.operations import answered
from tests.operations.scripts import git
from tests.waiting import wait_until

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# The disks of a new machine: the repository, and Docker with the base images and with what was
# built of both versions. Kept from one run to the next: it takes minutes to make.
PREPARED = ROOT / "var" / "containers" / "machine"
MOST_SECONDS = 3600  # then a machine and all its processes end
FORMER = "b8f10138"  # its image compared the times of static files
HAS_FORMER = not subprocess.run(
    ["git", "cat-file", "-e", FORMER], cwd=ROOT, capture_output=True
).returncode
# They take minutes: `make test-full` runs them, where root and Docker are.
MARKS = [
    pytest.mark.slow,
    pytest.mark.timeout(MOST_SECONDS),
    pytest.mark.skipif(not services.containers_can_run(), reason="Docker is not installed"),
]


@dataclass
class Machine:
    """With an address it has a card in the hall, and its cable is not plugged in."""

    directory: Path
    name: str = ""
    address: str = ""
    _processes: list[subprocess.Popen] = field(default_factory=list)

    @property
    def site(self) -> Path:
        """The clone; on the machine it is /opt/ccd."""
        return self.directory / "opt" / "ccd"

    def switch_on(self) -> None:
        hall = [f"ccd-{self.name}", f"{self.address}/24"] if self.address else []
        command = [HERE / "machine", self.directory, str(MOST_SECONDS), *hall]
        started = subprocess.Popen(command)
        self._processes = [started]
        pid = self.directory / "pid"
        wait_until(lambda: pid.exists() or started.poll() is not None)
        assert started.poll() is None

    def switch_off(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait(60)

    def lose_power(self) -> None:
        """KILL of everything at once. When it is switched on, it finds the same disks."""
        os.kill(int((self.directory / "pid").read_text()), signal.SIGKILL)
        for process in reversed(self._processes):
            process.wait(60)
        wait_until(lambda: not Path(f"/sys/class/net/ccd-{self.name}").exists())
        # The kernel goes on, and with it the id of its start.
        serving = self.directory / "docker" / "volumes" / "ccd_data" / "_data" / "serving"
        if serving.exists():
            serving.write_text("another start")

    def plug_in(self) -> None:
        ip("link", "set", f"ccd-{self.name}", "master", HALL, "up")

    def pull_cable(self) -> None:
        ip("link", "set", f"ccd-{self.name}", "down")

    def command(self, *arguments: str) -> list[str]:
        """Runs on the machine, in the clone if there is one."""
        pid = (self.directory / "pid").read_text().strip()
        directory = "/opt/ccd" if self.site.exists() else "/"
        path = f"{HERE / 'bin'}:{os.environ['PATH']}"
        own = ["env", "-i", "-C", directory, f"PATH={path}", "HOME=/root"]
        return ["nsenter", "--all", "--target", pid, *own, *arguments]

    def run(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """With an exit code of None, any is right."""
        done = subprocess.run(
            self.command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        ended = f"{done.returncode}, {datetime.now(UTC):%H:%M:%S}"
        with (self.directory / "commands.log").open("a") as log:
            log.write(f"$ {' '.join(arguments)}\n{done.stdout}{done.stderr}= {ended}\n")
        assert code is None or done.returncode == code, (
            f"{done.stdout[-6000:]}{done.stderr[-6000:]}"
        )
        return done

    def says(self, *arguments: str) -> str:
        return self.run(*arguments).stdout.strip()

    def states(self) -> dict[str, str]:
        """`healthy`, `unhealthy`, `starting`, or without a health check `running` or `exited`."""
        text = self.says("docker", "compose", "ps", "--all", "--format", "json")
        found = [json.loads(line) for line in text.splitlines()]
        return {each["Service"]: each["Health"] or each["State"] for each in found}

    def sql(self, query: str, database: str = "ccd") -> str:
        in_database = ["docker", "compose", "exec", "-T", "database", "psql", "-U", "ccd", "-d"]
        return self.says(*in_database, database, "-qAtX", "-c", query)

    def python(self, *arguments: object) -> str:
        """In a container of the site."""
        in_container = ["docker", "compose", "run", "--rm", "--no-deps", "-T", "worker", "python"]
        return self.says(*in_container, *map(str, arguments))

    def standby(self, *arguments: str, code: int = 0) -> str:
        return self.run("deploy/standby", *arguments, code=code).stdout

    def start(self, *arguments: str) -> None:
        """A process that ends with the machine."""
        with (self.directory / "commands.log").open("a") as log:
            started = subprocess.Popen(
                self.command(*arguments), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._processes.append(started)


@contextlib.contextmanager
def new_machines(*machines: tuple[str, str]) -> Iterator[list[Machine]]:
    """Each with its name and its address. Of all processes of the tests, one at a time has any."""
    PREPARED.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        lock = stack.enter_context((PREPARED.parent / "lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        _prepare()
        made = []
        for name, address in machines:
            directory = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=PREPARED.parent))
            stack.callback(shutil.rmtree, directory)
            stack.callback(_note_answers, directory / "opt" / "docker.log")
            _copy(PREPARED, directory)
            machine = Machine(directory, name, address)
            machine.switch_on()
            stack.callback(machine.switch_off)
            made.append(machine)
        yield made


def _note_answers(log: Path) -> None:
    if log.exists():
        answered.note(log.read_text().splitlines())


def _copy(source: Path, target: Path) -> None:
    """Docker never changes a layer that is there: the copy has links to the files of layers."""
    layers = Path("docker") / "overlay2"
    pack = ["tar", "-C", source, "-c", f"--exclude=./{layers}/*/diff", "."]
    with subprocess.Popen(pack, stdout=subprocess.PIPE) as packed:
        subprocess.run(["tar", "-C", target, "-xp"], stdin=packed.stdout, check=True)
    assert packed.returncode == 0
    for layer in (source / layers).iterdir():
        if (layer / "diff").exists():
            (target / layers / layer.name / "diff").symlink_to(layer / "diff")


def _prepare() -> None:
    """Where nothing has changed since the last run, this takes seconds."""
    machine = Machine(PREPARED)
    origin = machine.site.parent / "origin"
    shutil.rmtree(origin, ignore_errors=True)
    subprocess.run(["git", "clone", "-q", "--bare", ROOT, origin], check=True)
    git(origin, "symbolic-ref", "HEAD", "refs/heads/main")
    # This version: the last commit, with what has changed since in files that git knows.
    newest = git(ROOT, "stash", "create") or git(ROOT, "rev-parse", "HEAD")
    git(ROOT, "push", "-q", "--force", str(origin), f"{newest}:refs/heads/main")
    machine.switch_on()
    try:
        if machine.run("docker", "image", "inspect", "postgres:17", code=None).returncode:
            subprocess.run([HERE / "base-images", PREPARED], check=True)
        for version in [FORMER, newest] if HAS_FORMER else [newest]:
            shutil.rmtree(machine.site, ignore_errors=True)
            git(origin.parent, "clone", "-q", "--no-checkout", str(origin), str(machine.site))
            git(machine.site, "checkout", "-q", version)
            (machine.site / ".env").touch()
            machine.run("env", "CCD_DOMAIN=ccd.test", "docker", "compose", "build", "prepare")
        # A new machine has no image of the site, but its build finds all layers.
        machine.run("docker", "image", "rm", "ccd:latest")
        machine.run("docker", "image", "prune", "--force")
        machine.run("docker", "builder", "prune", "--force", "--filter", "until=240h")
    finally:
        machine.switch_off()
        shutil.rmtree(machine.site, ignore_errors=True)
        (PREPARED / "commands.log").unlink(missing_ok=True)
