"""The documentation's own lines in an empty directory. tests/operations/docker stands for docker,
and a program that runs what follows for sudo.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import services
from tests.operations import compose
from tests.operations.night import Service, clean
from tests.operations.scripts import git, typed
from tests.operations.smtp import Sink, sink
from tests.operations.versions import answering, project, versions
from tests.waiting import wait_until

__all__ = ["project", "versions"]  # fixtures

NAME, NOTHING = "localhost", ""
# In the order in which install asks. It asks for no port, so that no mail server can be tried here.
ASKED = (NAME, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)


def lines(file: str, section: str) -> list[str]:
    """Of the first block in the section, without comments."""
    text = (compose.ROOT / file).read_text().partition(f"\n## {section}\n")[2]
    block = re.search(r"```\n[\s\S]*?```|(?:^    .*\n)+", text, re.MULTILINE)
    assert block, section
    found = [line.partition(" #")[0].strip() for line in block[0].strip("`\n").splitlines()]
    return [line for line in found if line]


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """What a clone gives, as far as no container needs it."""
    origin = tmp_path / "origin"
    shutil.copytree(compose.ROOT / "deploy", origin / "deploy")
    (origin / "hackathon").mkdir()
    for name in ("docker-compose.yml", ".gitignore", "README.md", "hackathon/settings.py"):
        shutil.copy(compose.ROOT / name, origin / name)
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", "-A")
    git(origin, "commit", "-qm", "v1")
    return origin


@pytest.fixture
def mail_server() -> Iterator[Sink]:
    with sink() as running:
        yield running


def newer_version(origin: Path) -> str:
    (origin / "README.md").write_text("Another version.\n")
    git(origin, "commit", "-qam", "v2")
    return git(origin, "rev-parse", "HEAD")


def calls(project: Path) -> list[str]:
    return (project.parent / "docker.log").read_text().splitlines()


def test_the_lines_of_the_guide_install_and_upgrade(origin, tmp_path):
    check, install, upgrade = lines("docs/fr/installer.md", "Sur le serveur")
    project = tmp_path / "empty"
    git(tmp_path, "clone", "-q", str(origin), str(project))
    before = sorted(project.rglob("*"))

    looked = typed(check, project)
    after_look = sorted(project.rglob("*"))
    installed = typed(install, project, *ASKED)
    at_install = calls(project)
    wanted = newer_version(origin)
    upgraded = typed(upgrade, project)

    assert looked.returncode == 1
    assert "missing: CCD_DOMAIN" in looked.stdout
    assert after_look == before
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert f"https://{NAME}/ is running" in installed.stdout
    assert at_install[-2:] == ["compose build", "compose up -d --wait --wait-timeout=600"]
    assert_complete(project)
    assert upgraded.returncode == 0, upgraded.stdout + upgraded.stderr
    assert "The new version runs" in upgraded.stdout
    assert git(project, "rev-parse", "HEAD") == wanted
    assert_known(calls(project))


def test_the_lines_of_operations_install_with_a_file_of_answers(origin, tmp_path, mail_server):
    clone, install, upgrade = lines("docs/operations.md", "For the event")
    clone = clone.replace("git clone …", f"git clone -q {origin} project")
    clone = clone.replace("cd …", "cd project && mv ../answers .")
    empty = tmp_path / "empty"
    empty.mkdir()
    host, port = "127.0.0.1", mail_server.port
    (empty / "answers").write_text(
        f"CCD_DOMAIN={NAME}\nCCD_SMTP_HOST={host}\nCCD_SMTP_PORT={port}\n"
    )
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").symlink_to(Path(__file__).parent / "docker")
    sudo = tmp_path / "bin" / "sudo"
    sudo.write_text('#!/bin/sh\nexec "$@"\n')
    sudo.chmod(0o755)
    (empty / "bin").symlink_to(tmp_path / "bin")

    looked = typed(clone, empty)
    project = empty / "project"
    installed = typed(install, project)
    newer_version(origin)
    upgraded = typed(upgrade.replace(" [VERSION]", ""), project)

    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert "Everything is there. Nothing was changed." in looked.stdout
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert_complete(project, CCD_SMTP_HOST=host, CCD_SMTP_PORT=str(port))
    assert upgraded.returncode == 0, upgraded.stdout + upgraded.stderr


def assert_complete(project: Path, **answers: str) -> None:
    """Docker Compose would start with it: every variable that the file requires is there, and every
    file of a secret."""
    given = dict(line.split("=", 1) for line in (project / ".env").read_text().splitlines())
    required = set(re.findall(r"\$\{(\w+):\?\}", (project / "docker-compose.yml").read_text()))
    secrets = [project / secret["file"] for secret in compose.document()["secrets"].values()]

    assert required
    assert required <= set(given)
    assert {"CCD_DOMAIN": NAME, **answers}.items() <= given.items()
    assert all(path.exists() for path in secrets)


def assert_known(called: list[str]) -> None:
    """Services that the scripts name are in the file."""
    known = set(compose.services())
    for line in called:
        words = shlex.split(line)
        if words[:2] == ["compose", "stop"]:
            assert set(words[2:]) <= known, line
        elif words[:2] in (["compose", "run"], ["compose", "exec"]):
            assert next(w for w in words[2:] if w[0] != "-") in known, line
        elif words[:2] == ["compose", "up"]:
            assert {w for w in words[2:] if w[0] != "-"} <= known, line


# ---------------------------------------------------------------- with the site itself


@pytest.fixture
def database() -> Iterator[services.Postgres]:
    with services.Postgres() as server:
        server.start()
        server.create("ccd")
        yield server


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_the_guide_installs_is_a_site_that_waits_for_its_first_organizer(
    project, database, tmp_path
):
    """The engine's `up` runs `prepare` and then a *web*, with nothing but what install wrote."""
    _check, install, _upgrade = lines("docs/fr/installer.md", "Sur le serveur")
    redis, port = services.Redis(), services.free_port()
    outputs: list[str] = []
    web: list[Service] = []

    def up(line: str) -> None:
        if not line.startswith("compose up"):
            return
        env = {
            **dict(entry.split("=", 1) for entry in (project / ".env").read_text().splitlines()),
            **from_files(project),
            "CCD_ALLOWED_HOSTS": NAME,
            "CCD_DATABASE_URL": database.url.replace("/postgres", "/ccd"),
            "CCD_REDIS_URL": redis.url,
            "CCD_DATA_DIR": str(tmp_path / "data"),
            "CCD_STATIC_ROOT": str(tmp_path / "srv" / "static"),
            "CCD_METRICS_DIR": str(tmp_path / "metrics"),
            "CCD_NODE_MODULES": str(compose.ROOT / "node_modules"),
            "CCD_HTTPS": "1",
        }
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        prepare = shlex.split(compose.services()["prepare"]["command"])
        done = subprocess.run(
            prepare,
            cwd=project,
            env={**clean(), **env, "PATH": path},
            capture_output=True,
            text=True,
        )
        outputs.append(done.stdout + done.stderr)
        service = Service("web-a", tmp_path, env, project, port)
        service.start()
        web.append(service)
        wait_until(service.is_ready, service.log.read_text)

    try:
        redis.start()
        with answering(tmp_path / "docker.socket", up):
            socket = str(tmp_path / "docker.socket")
            installed = typed(install, project, *ASKED, FAKE_SOCKET=socket)
        headers = {"Host": NAME, "X-Forwarded-Proto": "https"}
        page = httpx.get(f"http://127.0.0.1:{port}/", headers=headers, trust_env=False, timeout=60)
    finally:
        for service in web:
            service.stop()
        redis.kill()

    assert installed.returncode == 0, installed.stdout + installed.stderr
    (prepared,) = outputs
    assert "/installation/" in prepared
    assert page.headers["location"] == "/installation/"


def from_files(project: Path) -> dict[str, str]:
    """`CCD_…_FILE` of the containers, as values."""
    environment = compose.services()["web-a"]["environment"]
    found = {}
    for name, path in environment.items():
        if name.endswith("_FILE") and str(path).startswith("/run/secrets/"):
            value = (project / "secrets" / Path(path).name).read_text()
            if value and "BACKUP" not in name:
                found[name.removesuffix("_FILE")] = value
    return found
