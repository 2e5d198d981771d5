"""A machine with Docker of its own: `tests/containers/machine`."""

import contextlib
import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.waiting import wait_until

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# Kept from one run to the next: they take minutes to make.
BASE_IMAGES = ROOT / "var" / "containers" / "base-images.tar"
MOST_SECONDS = 3600  # then the machine and all its processes end


@dataclass
class Machine:
    directory: Path

    @property
    def site(self) -> Path:
        """The clone; on the machine it is /opt/ccd."""
        return self.directory / "opt" / "ccd"

    def command(self, *arguments: str) -> list[str]:
        """Runs on the machine, in the clone if there is one."""
        pid = (self.directory / "pid").read_text().strip()
        directory = "/opt/ccd" if self.site.exists() else "/"
        return ["nsenter", "--all", "--target", pid, "env", "-C", directory, *arguments]

    def run(self, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """With an exit code of None, any is right."""
        done = subprocess.run(
            self.command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        with (self.directory / "commands.log").open("a") as log:
            log.write(f"$ {' '.join(arguments)}\n{done.stdout}{done.stderr}= {done.returncode}\n")
        assert code is None or done.returncode == code, (
            f"{done.stdout[-6000:]}{done.stderr[-6000:]}"
        )
        return done

    def says(self, *arguments: str) -> str:
        return self.run(*arguments).stdout.strip()


@contextlib.contextmanager
def machine() -> Iterator[Machine]:
    """One at a time, with the base images, and nothing else."""
    BASE_IMAGES.parent.mkdir(parents=True, exist_ok=True)
    with (BASE_IMAGES.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        directory = Path(tempfile.mkdtemp(prefix="ccd-machine-"))
        started = subprocess.Popen([HERE / "machine", directory, str(MOST_SECONDS)])
        try:
            wait_until(lambda: (directory / "pid").exists() or started.poll() is not None)
            found = Machine(directory)
            if not BASE_IMAGES.exists():
                subprocess.run([HERE / "base-images", directory, BASE_IMAGES], check=True)
            else:
                found.run("docker", "load", "--input", str(BASE_IMAGES))
            yield found
        finally:
            started.terminate()
            started.wait(60)
            shutil.rmtree(directory)
