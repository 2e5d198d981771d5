"""What deploy/standby refuses, writes and opens. tests/operations/docker stands for docker. Two
whole machines: tests/containers, and without containers `python -m bench.standby`.
"""

import http.server
import json
import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from hackathon.fixed_settings import SECRETS
from tests import services
from tests.operations import compose, scripts
from tests.services import free_port
from tests.waiting import wait_until

pytestmark = pytest.mark.system
OWN = {
    "CCD_SERVER_NAME": "second",
    "CCD_STANDBY_FILES": "rsync://ccd@10.0.0.11:8873/ccd",
    "CCD_LISTEN": "10.0.0.12",
}
SETTINGS_ARE_IN = ("docker-compose.yml", "deploy/gunicorn.conf.py", "deploy/alertmanager/configure")
PASSWORDS = {
    "standby-password": "geheim",
    "standby-settings-password": "geheimer",
    "standby-database-password": "am geheimsten",
}
NOBODY = "http://127.0.0.1:1"  # nothing listens there


def document() -> dict[str, Any]:
    return yaml.safe_load((compose.ROOT / "docker-compose.standby.yml").read_text())


def test_prepare_asks_the_other_machine_and_docker_starts_again_what_ended():
    """Each process asks too (`test_fencing.py`), because Docker starts all after a power cut."""
    over = document()["services"]
    first, *steps = shlex.split(over["prepare"]["command"])[-1].split(" && ")
    before = shlex.split(compose.services()["prepare"]["command"])[-1].split(" && ")

    assert first == "python manage.py standby may-serve"
    assert steps == before
    for name, service in compose.site_services().items():
        restarts = over.get(name, {}).get("restart", service["restart"])
        assert restarts == "unless-stopped", name


def test_the_password_is_where_the_site_runs_and_nowhere_else():
    """Each process asks the other machine, whose answer is signed with it."""
    over = document()["services"]
    having = {name for name, service in over.items() if "secrets" in service}

    assert having == {*compose.site_services(), "prepare"}
    for name in having:
        path = over[name]["environment"]["CCD_STANDBY_PASSWORD_FILE"]
        assert path == "/run/secrets/standby-password"
    assert "CCD_STANDBY_PASSWORD" not in SECRETS


def test_ports_are_open_on_the_private_address_only():
    for name, service in document()["services"].items():
        for port in service.get("ports", ()):
            assert port.startswith("${CCD_LISTEN:?}:"), name


def test_what_takes_the_files_has_few_rights():
    rsyncd, usual = document()["services"]["rsyncd"], compose.services()["web-a"]

    for key in ("user", "read_only", "cap_drop", "security_opt", "logging"):
        assert rsyncd[key] == usual[key], key
    assert rsyncd["mem_limit"]
    assert rsyncd["profiles"] == ["standby"]
    assert "rsync" in (compose.ROOT / "Dockerfile").read_text()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "deploy").mkdir(parents=True)
    (project / "secrets").mkdir()
    for name in ("deploy/standby", "hackathon/settings.py", *SETTINGS_ARE_IN):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(compose.ROOT / name, project / name)
    lines = [f"{name}={value}\n" for name, value in OWN.items()]
    (project / ".env").write_text("".join(lines) + "CCD_DOMAIN=old.example.org\n")
    for name, password in PASSWORDS.items():
        (project / "secrets" / name).write_text(password)
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "docker").symlink_to(scripts.HERE / "docker")
    (programs / "chown").write_text("#!/bin/sh\n")
    (programs / "chown").chmod(0o755)
    (tmp_path / "volume").mkdir()
    return project


def standby(
    project: Path, *arguments: str, peer: str = NOBODY, **more: str
) -> tuple[int, str, list[str]]:
    """Exit code, what it said, and how docker was called."""
    environment = {"FAKE_DATA": str(project.parent / "volume"), "CCD_PEER": peer, **more}
    done = scripts.run("standby", project, *arguments, **environment)
    log = project.parent / "docker.log"
    calls = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    quiet = ("inspect", "compose ps", "compose exec")
    return (
        done.returncode,
        done.stdout + done.stderr,
        [call for call in calls if not call.startswith(quiet)],
    )


@pytest.fixture
def peer() -> Iterator[str]:
    """The other machine, which serves."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"server": "first", "epoch": 1, "serving": True}).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


MANAGE = "compose run --rm --no-deps -T worker python manage.py"
STOP = "compose stop web-a web-b live uploads mail worker beat metrics"


def test_without_its_settings_nothing_is_done(project):
    (project / ".env").write_text("")

    code, said, calls = standby(project, "promote")

    assert (code, calls) == (1, [])
    assert "CCD_SERVER_NAME" in said


def test_a_machine_that_was_stopped_asks_before_it_starts_again(project):
    (project.parent / "volume" / "serving").write_text("of this start of the machine")

    code, said, calls = standby(project, "stop")

    assert (code, calls) == (0, [STOP]), said
    assert not (project.parent / "volume" / "serving").exists()


def test_a_fence_that_fails_changes_nothing(project, peer):
    for fence in ("", "false", "true"):  # none, one that fails, and one after which it still serves
        code, said, calls = standby(
            project, "promote", "--fence-first", peer=peer, FAKE_SQL="t", CCD_FENCE=fence
        )
        assert (code, calls) == (3, []), said


def test_copying_does_not_stop_the_machine_that_takes_over(project):
    """Between two steps of `promote` its database says that the other one serves."""
    promoting = project.parent / "volume" / "promoting"

    with subprocess.Popen(["sh", "-c", "read wait", "promote"], stdin=subprocess.PIPE) as promotes:
        promoting.write_text(f"{promotes.pid}\n")
        meanwhile = standby(project, "follow", FAKE_SQL="former 2")
    afterwards = standby(project, "follow", FAKE_SQL="former 2")

    assert meanwhile == (0, "", [])
    assert (afterwards[0], afterwards[2]) == (0, [STOP])


def test_an_answer_that_is_not_signed_does_not_stop_the_machine_that_serves(project, peer):
    _code, said, calls = standby(project, "follow", peer=peer, FAKE_SQL="serving 0")

    assert calls[0].endswith("manage.py standby may-serve")  # it says that nothing is wrong
    assert STOP not in calls, said


def test_what_decides_which_programs_run_is_never_taken_from_the_other_machine(project):
    sent = project.parent / "srv" / "standby" / "settings"
    (sent / "secrets").mkdir(parents=True)
    evil = ["CCD_IMAGE_PROXY=e", "CCD_VERSION=e", "CCD_EXTRAS=e", "CCD_UNHEARD_OF=e", "PATH=e"]
    evil += ["COMPOSE_FILE=e", " COMPOSE_FILE=e", "export COMPOSE_FILE=e", "CCD_FENCE=e"]
    (sent / ".env").write_text("\n".join([*evil, "CCD_MAIL_FROM=new@example.org", ""]))
    own = (project / ".env").read_text() + "CCD_IMAGE_PROXY=nginx:1.28\nCOMPOSE_PROFILES=s3\n"
    (project / ".env").write_text(own)
    for name in ("standby-password", "standby-settings-password", "new"):
        (sent / "secrets" / name).write_text("of the other machine")
    (project / "secrets" / "secret-key").write_text("not sent")

    code, said, _calls = standby(project, "promote", FAKE_SQL="t")

    assert code == 0, said
    kept = own.replace("CCD_DOMAIN=old.example.org\n", "")  # it was taken away over there
    assert (project / ".env").read_text() == f"CCD_MAIL_FROM=new@example.org\n{kept}"
    secrets = {path.name: path.read_text() for path in (project / "secrets").iterdir()}
    assert secrets == {**PASSWORDS, "secret-key": "not sent"}


@pytest.mark.parametrize(
    ("address", "host", "only"),
    [
        ("http://127.0.0.2:1", "127.0.0.2", "127.0.0.2/32"),
        ("http://127.0.0.2", "127.0.0.2", "127.0.0.2/32"),
        ("http://[::1]:1", "::1", "::1/128"),
    ],
)
def test_postgresql_lets_the_other_machine_in_and_no_other_one(project, address, host, only):
    environment = {"FAKE_DATA": str(project.parent / "volume"), "CCD_PEER": address}

    done = scripts.run("standby", project, "prepare", FAKE_SQL="f", **environment)

    assert f"On the other machine ({host})" in done.stdout, done.stderr
    log = (project.parent / "docker.log").read_text()
    assert f" - host replication ccd_standby {only} scram-sha-256 " in log


def test_files_are_taken_from_the_other_machine_only_and_never_given(project, peer):
    standby(project, "join", peer=peer, FAKE_SQL="t")

    written = project.parent / "srv" / "standby"
    lines = (written / "rsyncd.conf").read_text().splitlines()
    for line in ("write only = yes", "list = no", "hosts allow = 127.0.0.1"):
        assert line in lines
    assert "refuse options = delete*" in lines
    assert (written / "rsyncd.secrets").read_text() == "ccd:geheim\nsettings:geheimer\n"
    assert (written / "rsyncd.secrets").stat().st_mode & 0o077 == 0


def test_each_password_opens_its_own_part_and_nothing_is_replaced(project, peer):
    standby(project, "join", peer=peer, FAKE_SQL="t")
    written, data = project.parent / "srv" / "standby", project.parent / "volume"
    text = (written / "rsyncd.conf").read_text().replace("port = 8873\n", "")
    text = text.replace("= /data", f"= {data}").replace("= /standby", f"= {written}")
    if os.geteuid() == 0:
        text = f"uid = root\ngid = root\n{text}"
    (written / "rsyncd.conf").write_text(text)
    deposit = project.parent / "deposit"
    deposit.write_text("of a team")
    port = free_port()
    command = ["rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}"]
    daemon = subprocess.Popen([*command, f"--config={written / 'rsyncd.conf'}"])

    def send(user: str, password: str, to: str, *options: str) -> int:
        address = f"rsync://{user}@127.0.0.1:{port}/{to}"
        environment = {"PATH": os.environ["PATH"], "RSYNC_PASSWORD": password}
        once = ["rsync", "--times", "--mkpath", *options, deposit, address]
        return subprocess.run(once, env=environment, capture_output=True).returncode

    new = "--ignore-existing"
    try:
        wait_until(lambda: send("ccd", "geheim", "ccd/deposits/ab/abcd", new) == 0)
        deposit.write_text("of somebody else, later")
        assert send("ccd", "geheim", "ccd/deposits/ab/abcd", new) == 0  # and nothing is done
        refused = [
            send("ccd", "geheim", "ccd/deposits/ab/abcd"),
            send("ccd", "geheim", "ccd/secret-key", new),
            send("ccd", "geheim", "ccd/serving", new),
            send("ccd", "geheim", "settings/.env", new),
            send("settings", "geheim", "settings/.env"),
            send("ccd", "am geheimsten", "ccd/deposits/ab/other", new),
            send("settings", "geheimer", "ccd/deposits/ab/other", new),
        ]
        settings = send("settings", "geheimer", "settings/.env")
    finally:
        daemon.terminate()
        daemon.wait(60)

    assert 0 not in refused
    assert settings == 0
    files = [path.relative_to(data) for path in data.rglob("*") if path.is_file()]
    assert files == [Path("deposits/ab/abcd")]
    assert (data / files[0]).read_text() == "of a team"


@pytest.fixture
def server() -> Iterator[services.Postgres]:
    if services.postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed")
    with services.Postgres() as server:
        server.start()
        yield server


@pytest.fixture
def second() -> Iterator[services.Postgres]:
    with services.Postgres() as second:
        yield second


@pytest.mark.postgres
def test_a_replica_has_the_rows_of_the_other_one_and_keeps_its_own_files(server, second):
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE ccd_standby REPLICATION LOGIN")
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'ccd_standby'")
        kept = second.directory / "kept"
        second.make_directory(kept)
        script = compose.ROOT / "deploy" / "standby"
        subprocess.run(
            [script, "replica", second.data, kept, "127.0.0.1", str(server.port)],
            env={**os.environ, "PGBIN": str(second.bin)},
            check=True,
            **second.demoted,
        )
        second.start()
        connection.execute("CREATE TABLE deposit AS SELECT 1 AS number")
        wait_until(lambda: rows(second.url) == [(1,)])

    with psycopg.connect(second.url) as connection:
        found = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        waits_for = connection.execute("SHOW synchronous_standby_names").fetchone()
    (former,) = kept.glob("former.*")
    assert (found, waits_for) == ((True,), ("",))
    assert (former / "PG_VERSION").exists()


def rows(url: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        if connection.execute("SELECT to_regclass('deposit')").fetchone() == (None,):
            return []
        return connection.execute("SELECT number FROM deposit").fetchall()
