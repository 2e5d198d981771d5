"""By a real rsync, to a daemon on the loopback as `deploy/standby` sets it up."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hackathon.extras.standby import copies
from hackathon.extras.standby.errors import NotOnBoth
from tests import services
from tests.waiting import wait_until

pytestmark = pytest.mark.system
CONFIG = """
use chroot = no
uid = {uid}
gid = {gid}
[ccd]
path = {path}
read only = no
write only = yes
auth users = ccd
secrets file = {secrets}
"""


class Daemon:
    def __init__(self, directory: Path, settings: Any) -> None:
        self.files = directory / "second"
        self.password = directory / "password"
        self._port = services.free_port()
        self.files.mkdir()
        own, secrets = directory.stat(), directory / "secrets"
        secrets.write_text("ccd:geheim\n")
        self.password.write_text("geheim\n")
        secrets.chmod(0o600)
        self.password.chmod(0o444)  # as `deploy/install` leaves it for containers
        config = directory / "rsyncd.conf"
        found = {"path": self.files, "secrets": secrets, "uid": own.st_uid, "gid": own.st_gid}
        config.write_text(CONFIG.format(**found))
        self._command = ["rsync", "--daemon", "--no-detach", "--address=127.0.0.1"]
        self._command += [f"--port={self._port}", f"--config={config}"]
        settings.PEER_FILES = f"rsync://ccd@127.0.0.1:{self._port}/ccd"
        settings.PEER_PASSWORD_FILE = str(self.password)

    def start(self) -> None:
        self._process = subprocess.Popen(self._command)
        services._wait_for(self._port, self._process)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)


@pytest.fixture
def daemon(tmp_path: Path, settings: Any) -> Iterator[Daemon]:
    settings.DATA_DIR = tmp_path / "first"
    (settings.DATA_DIR / "deposits" / "ab").mkdir(parents=True)
    daemon = Daemon(tmp_path, settings)
    daemon.start()
    yield daemon
    daemon.stop()


def deposit(settings: Any, content: bytes) -> Path:
    path: Path = settings.DATA_DIR / "deposits" / "ab" / "abcd"
    path.write_bytes(content)
    return path


def test_a_file_is_where_it_is_here_with_the_same_bytes(daemon, settings):
    path = deposit(settings, b"\x00dossier" * 100_000)

    copies.copy(path)
    copies.copy(path)  # a second attempt

    (found,) = (each for each in daemon.files.rglob("*") if each.is_file())
    assert found.relative_to(daemon.files) == Path("deposits/ab/abcd")
    assert found.read_bytes() == path.read_bytes()
    assert found.stat().st_mode & 0o777 == 0o400


def test_a_file_gets_its_name_there_before_it_has_it_here(daemon, settings):
    copies.copy(deposit(settings, b"dossier"), "deposits/cd/cdef")

    assert (daemon.files / "deposits" / "cd" / "cdef").read_bytes() == b"dossier"


def test_a_second_server_that_is_away_takes_nothing_and_later_does(daemon, settings):
    path = deposit(settings, b"dossier")
    daemon.stop()
    with pytest.raises(NotOnBoth):
        copies.copy(path)
    daemon.start()

    wait_until(lambda: is_copied(path))

    assert (daemon.files / "deposits" / "ab" / "abcd").read_bytes() == b"dossier"


def is_copied(path: Path) -> bool:
    try:
        copies.copy(path)
    except NotOnBoth:
        return False
    return True


def test_a_wrong_password_is_refused_and_not_logged(daemon, settings, caplog):
    daemon.password.write_text("verraten\n")

    with pytest.raises(NotOnBoth):
        copies.copy(deposit(settings, b"dossier"))

    assert "auth failed" in caplog.text
    assert "verraten" not in caplog.text
    assert not [*daemon.files.iterdir()]


def test_a_disk_of_the_second_server_that_takes_nothing_is_no_copy(daemon, settings):
    (daemon.files / "deposits").write_text("in the way of the directory")

    with pytest.raises(NotOnBoth):
        copies.copy(deposit(settings, b"dossier"))


def test_without_rsync_nothing_is_on_both(settings, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    settings.PEER_PASSWORD_FILE = str(tmp_path / "password")
    (tmp_path / "password").write_text("geheim")

    with pytest.raises(NotOnBoth):
        copies.copy(tmp_path / "a", "deposits/a")
