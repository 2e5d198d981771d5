"""The site in real containers, by the commands of docs/operations.md: `make test-full`, as root and
with Docker. Images of others are stand-ins (tests/containers/base), made of Debian's packages.
"""

import json
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.containers.machines import FORMER, HAS_FORMER, MARKS, ROOT, Machine, new_machines
from tests.operations import compose
from tests.operations.scripts import git
from tests.operations.versions import commit_migration
from tests.waiting import wait_until

ANSWERS = """CCD_DOMAIN=ccd.test
CCD_ADMIN=eve@example.org
CCD_SECRET_KEY=only-for-this-test-0123456789-0123456789-0123456789-0123
"""
# The proxy is asked for its health often, so that nothing has to wait for it.
OFTEN = """services:
  proxy: {healthcheck: {interval: 1s, timeout: 6s, retries: 3, start_period: 1s}}
"""
WRITE = "INSERT INTO core_journalentry (at, act, target, detail) VALUES (now(), 'a', 'b', '{}')"
DATABASES = "SELECT count(*) FROM pg_database WHERE datname LIKE 'ccd%'"
BROKEN = ("ALTER TABLE operations_heartbeat DROP COLUMN kind", "SELECT 1 / 0")
WRITTEN = "SELECT count(*) FROM core_journalentry WHERE act = 'a'"
RUNNING = {*compose.services()} - {"prepare", *compose.OPTIONAL}

pytestmark = MARKS


@pytest.fixture
def host() -> Iterator[Machine]:
    with new_machines(("site", "")) as (machine,):
        yield machine


def set_newest(host: Machine, version: str) -> None:
    git(host.directory / "opt" / "origin", "update-ref", "refs/heads/main", version)


def clone(host: Machine, answers: str = ANSWERS) -> None:
    host.run("git", "clone", "-q", "/opt/origin", "/opt/ccd")
    (host.site / "answers").write_text(answers)


def answer(host: Machine, path: str, *options: str) -> str:
    """The status, and the content type."""
    said = ["--write-out", "%{http_code} %{content_type}", "--output", "/dev/null"]
    return host.run("curl", "-sk", *said, *options, f"https://{path}", code=None).stdout


def assert_serves(host: Machine) -> None:
    found = host.states()
    assert {name for name, state in found.items() if state == "healthy"} == RUNNING, found
    assert answer(host, "ccd.test/readyz") == "200 application/json"


def administrators(host: Machine) -> str:
    return host.sql("SELECT email FROM accounts_user WHERE is_superuser")


def static_files(host: Machine) -> dict[str, str]:
    """What each was made of. Compressed copies contain an instant."""
    directory = host.directory / "srv" / "ccd" / "static"
    return {
        str(path.relative_to(directory)): sha256(path.read_bytes()).hexdigest()
        for path in directory.rglob("*")
        if path.is_file() and path.suffix != ".gz"
    }


def install(host: Machine) -> subprocess.CompletedProcess[str]:
    return host.run("deploy/install", "--answers", "answers")


def install_former(host: Machine) -> None:
    """Its certificates waited for a healthy proxy, and that one for the site: where the machine is
    slow, it ends half-way.
    """
    host.run("deploy/install", "--answers", "answers", code=None)
    host.run("docker", "compose", "up", "-d", *compose.site_services())
    needed = RUNNING - {"certificates"}
    wait_until(lambda: {host.states().get(name) for name in needed} == {"healthy"}, patience=600)
    again = ("deploy/install", "--answers", "answers")
    wait_until(lambda: host.run(*again, code=None).returncode == 0, patience=600)


def settings(host: Machine) -> dict[str, str]:
    """What `deploy/install` makes once."""
    tls = host.directory / "srv" / "ccd" / "tls"
    files = [host.site / ".env", *(host.site / "secrets").iterdir(), *tls.iterdir()]
    return {path.name: path.read_text() for path in files}


def test_a_site_is_installed_twice_and_started_again_after_it_was_away(host):
    clone(host, f"{ANSWERS}COMPOSE_FILE=docker-compose.yml:often.yml\n")
    (host.site / "often.yml").write_text(OFTEN)

    installed = install(host)
    assert_serves(host)
    assert "https://ccd.test/ is running" in installed.stdout
    assert administrators(host) == "eve@example.org"
    images = host.says("docker", "images", "--quiet", "--filter", "dangling=true")
    assert images == ""  # built once
    assert answer(host, "[::1]/readyz", "--header", "Host: ccd.test") == "200 application/json"
    before = settings(host)
    host.run("deploy/install")
    assert_serves(host)
    assert (settings(host), administrators(host)) == (before, "eve@example.org")

    host.run("docker", "compose", "stop", *compose.site_services())
    stopped = host.says("date", "-u", "+%Y-%m-%dT%H:%M:%S")
    proxy = host.says("docker", "compose", "ps", "--quiet", "proxy")

    def checks() -> list[str]:
        log = json.loads(host.says("docker", "inspect", "-f", "{{json .State.Health.Log}}", proxy))
        return [check["Start"] for check in log if check["Start"][:19] > stopped]

    wait_until(lambda: len(checks()) > 3)  # as many as make a container unhealthy
    away = answer(host, "ccd.test/")
    for_programs = answer(host, "ccd.test/api/v1/me/")
    again = host.run("docker", "compose", "up", "-d", "--wait")

    assert away == "502 text/html"
    assert for_programs == "502 application/problem+json"
    assert again.returncode == 0
    assert_serves(host)
    for act in ("stop", "start"):  # as an upgrade that could change nothing
        host.run("docker", "compose", act, *compose.site_services())
    wait_until(lambda: answer(host, "ccd.test/readyz").startswith("200"))


@pytest.mark.skipif(not HAS_FORMER, reason=f"This clone of the repository has no version {FORMER}")
def test_an_upgrade_keeps_the_data_and_going_back_gives_the_former_files(host):
    head = git(host.directory / "opt" / "origin", "rev-parse", "main")
    set_newest(host, git(ROOT, "rev-parse", FORMER))
    clone(host)
    install_former(host)
    host.sql(WRITE)
    former, before = static_files(host), host.sql(WRITTEN)
    set_newest(host, head)

    assert interrupt_once_people_write(host) == 2
    during = static_files(host)
    host.run("deploy/upgrade", "--back")
    assert git(host.site, "rev-parse", "HEAD").startswith(FORMER)
    assert_serves(host)
    assert (host.sql(WRITTEN), host.sql(WRITTEN, "ccd_failed")) == (before, f"{int(before) + 1}")
    back = static_files(host)
    assert {name for name in former if during[name] != former[name]} != set()
    assert {name: back.get(name) for name in former} == former

    host.run("deploy/upgrade")
    assert git(host.site, "rev-parse", "HEAD") == head
    assert host.sql(DATABASES) == "1"
    assert_serves(host)
    assert (administrators(host), host.sql(WRITTEN)) == ("eve@example.org", before)


def test_a_version_whose_migration_fails_is_left_and_the_next_one_stays(host):
    clone(host)
    install(host)
    logs = ("docker", "compose", "logs", "--no-color", "--tail", "200", "prepare")
    assert "Applying" in host.says(*logs)  # a failed upgrade keeps such lines
    host.sql(WRITE)
    head = git(host.site, "rev-parse", "HEAD")

    following = broken_version(host)
    broken = host.run("deploy/upgrade", code=1)
    assert "The former version runs again" in broken.stdout
    assert git(host.site, "rev-parse", "HEAD") == head
    assert_serves(host)
    assert int(host.sql("SELECT count(kind) FROM operations_heartbeat")) > 0

    git(following, "revert", "--no-edit", "HEAD")
    git(following, "push", "-q", "origin", "HEAD:main")
    host.run("deploy/upgrade")
    assert git(host.site, "rev-parse", "HEAD") == git(following, "rev-parse", "HEAD")
    assert_serves(host)
    assert host.sql(WRITTEN) == "1"
    assert host.sql(DATABASES) == "1"
    assert host.says("docker", "images", "--quiet", "--filter", "dangling=true") == ""


def broken_version(host: Machine) -> Path:
    """Published; the clone that it came from."""
    opt = host.directory / "opt"
    git(opt, "clone", "-q", "origin", "next")
    commit_migration(opt / "next", *BROKEN)
    git(opt / "next", "push", "-q", "origin", "HEAD:main")
    return opt / "next"


def interrupt_once_people_write(host: Machine) -> int:
    """Ends an upgrade between its start of the new version and its end. Returns the exit code."""
    command = host.command("bash", "-c", "echo $$ >/opt/upgrade.pid; exec deploy/upgrade 2>&1")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as upgrade:
        assert upgrade.stdout
        said = []
        for line in upgrade.stdout:
            said.append(line)
            if line.endswith(" Start\n"):
                host.sql(WRITE)
                host.run("kill", "-TERM", host.says("cat", "/opt/upgrade.pid"))
    assert "People have written something since the start" in "".join(said), "".join(said)
    return upgrade.returncode


def test_the_database_is_as_it_was_at_an_instant(host):
    clone(host)
    install(host)
    host.run("deploy/pitr", "start")
    assert (host.site / ".env").read_text().count("docker-compose.pitr.yml") == 1
    host.sql(WRITE)
    instant = host.sql("SELECT clock_timestamp()")
    host.sql(WRITE)
    host.sql("UPDATE accounts_user SET is_superuser = false")  # the mistake

    restored = host.run("deploy/pitr", "restore", instant)
    host.run("docker", "compose", "up", "-d", "--wait")
    written = host.sql(WRITTEN)
    host.run("deploy/pitr", "base")  # the archive goes on

    assert "The database is back" in restored.stdout
    assert written == "1"
    assert_serves(host)
    assert administrators(host) == "eve@example.org"
