"""The scripts of deploy/, run with tests/operations/docker in the place of docker."""

import os
import subprocess
from pathlib import Path

from tests.operations import answered

HERE = Path(__file__).parent


def run(script: str, project: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess:
    return _run(["bash", f"deploy/{script}", *arguments], project, subprocess.DEVNULL, env)


def typed(line: str, project: Path, *answers: str, **env: str) -> subprocess.CompletedProcess:
    """A line of the documentation at a terminal, where somebody answers what it asks."""
    ours, theirs = os.openpty()
    try:
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        return _run(["bash", "-c", line], project, theirs, env)
    finally:
        os.close(ours)
        os.close(theirs)


def _run(
    command: list[str], project: Path, stdin: int, env: dict[str, str]
) -> subprocess.CompletedProcess:
    programs = project.parent / "bin"
    if not programs.exists():
        programs.mkdir()
        (programs / "docker").symlink_to(HERE / "docker")
    done = subprocess.run(
        ["env", "--default-signal=HUP", *command],
        cwd=project,
        env={
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(project.parent),
            "FAKE_LOG": str(project.parent / "docker.log"),
            "CCD_ROOT": str(project.parent / "srv"),
            "CCD_MEMORY_MB": "100",
            "CCD_DISK_MB": "10",
            "CCD_PORTS": "1",
            "CCD_CORES": "1",
            **env,
        },
        capture_output=True,
        text=True,
        stdin=stdin,
    )
    log = project.parent / "docker.log"
    if log.exists() and (programs / "docker").is_symlink():
        new = answered.unanswered(log.read_text().splitlines())
        assert not new, f"Real docker was never asked this, or failed: {sorted(new)}"
    return done


def git(project: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=project, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
