"""A backup is a directory of its own below DIRECTORY, named after its instant; all of them share
the files in DIRECTORY/files. What is not in it, and why:

- partial uploads: their clients begin again; no receipt was given for them;
- the queues and the cache in Redis: periodic tasks queue again what matters;
- static files and programs: they come from the version, which the manifest names.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection

from hackathon.run.operations.backup import database, files, room, secrets
from hackathon.run.operations.backup.errors import BackupError, BackupRunning
from hackathon.run.operations.backup.files import Kept
from hackathon.run.operations.backup.selectors import LAST, MANIFEST, NAME
from hackathon.run.operations.models import Heartbeat
from submissions.models import Upload

SECRETS = "secrets.enc"
FORMAT = 1

type Say = Callable[[str], None]


@dataclass
class BackupReport:
    path: Path
    files: int = 0
    copied_bytes: int = 0
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)


def backup(directory: Path, passphrase: str, *, at: datetime, say: Say) -> BackupReport:
    """Without a passphrase the settings and the secret key are left out. Deletes old ones at its
    end. Raises `BackupError`; `BackupRunning` while another process makes one there.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(directory):
        pool = directory / "files"
        room.remove_unfinished(directory, pool)
        report = _make(directory, pool, passphrase, at=at, say=say)
        made = made_in(directory)
        gone = room.outdated(made, at=at)
        room.remove(gone, [path for path in made if path not in gone], pool)
    say(f"old backups: {len(gone)} deleted, {len(made) - len(gone)} are there")
    return report


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Raises `BackupRunning`."""
    file = directory / ".lock"
    file.touch(mode=0o600)
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRunning(f"Another backup is being made in {directory}.") from None
        yield


def _make(directory: Path, pool: Path, passphrase: str, *, at: datetime, say: Say) -> BackupReport:
    made = directory / at.strftime(NAME)
    unfinished = directory / f"unfinished-{made.name}"
    before = {(copy.storage, copy.key): copy for copy in _last_files(directory)}
    room.check(directory, _dump_bytes(directory))
    unfinished.mkdir(mode=0o700)
    report = BackupReport(made)
    try:
        dump = unfinished / database.DUMP_NAMES[connection.vendor]
        with database.dumped(dump):
            # Of the dump, not of now: each receipt in it gets its file, and no other file comes.
            names, digests = files.known_names(), files.known_digests()
            migrations, version = database.applied_migrations(), database.server_version()
        needed = files.total_size([name for name in names if name not in before])
        free = room.megabytes(room.free_bytes(directory))
        size = room.megabytes(dump.stat().st_size)
        say(f"database: {size}, new files: {room.megabytes(needed)}, free: {free}")
        room.check(directory, needed)
        copies = _copy_files(names, digests, pool, before, report, say)
        if passphrase:
            _write(unfinished / SECRETS, secrets.seal(passphrase))
        manifest = {
            "format": FORMAT,
            "made_at": at.isoformat(),
            "vendor": connection.vendor,
            "versions": {"django": django.__version__, "database": version},
            "migrations": migrations,
            "dump": {"name": dump.name, "sha256": _digest(dump)},
            "secret_key": secrets.fingerprint(settings.SECRET_KEY),
            "site_url": settings.SITE_URL,
            "files": [asdict(copy) for copy in copies],
            "missing": report.missing,
        }
        _write(unfinished / MANIFEST, json.dumps(manifest, indent=1).encode())
        # Last, and once all is on the disk: a directory with the name of a backup is complete.
        files.sync(dump)
        files.sync(unfinished)
        unfinished.rename(made)
        files.sync(directory)
        _write(settings.DATA_DIR / LAST, at.isoformat().encode())
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return report


def _dump_bytes(directory: Path) -> int:
    """What the dump will need, about: as the last one, and a fifth."""
    dumps = [path / database.DUMP_NAMES[connection.vendor] for path in made_in(directory)[-1:]]
    return sum(dump.stat().st_size * 6 // 5 for dump in dumps if dump.exists())


def _copy_files(
    names: list[tuple[str, str]],
    digests: dict[str, str],
    pool: Path,
    before: dict[tuple[str, str], Kept],
    report: BackupReport,
    say: Say,
) -> list[Kept]:
    copies = []
    for number, (alias, key) in enumerate(names, start=1):
        if number % 20 == 1:  # deposits arrive meanwhile
            room.check(pool.parent, 0)
        copy = files.keep(alias, key, pool, before)
        if copy is None:
            report.missing.append(f"{alias}/{key}")
            continue
        if (alias, key) not in before:
            report.copied_bytes += copy.size
        if alias == "deposits" and digests.get(key, copy.sha256) != copy.sha256:
            report.altered.append(f"{alias}/{key}")
        copies.append(copy)
        if number % 500 == 0:
            say(f"files: {number} / {len(names)}")
    report.files = len(copies)
    return copies


# ---------------------------------------------------------------- restore


@dataclass(frozen=True)
class RestoreReport:
    files: int
    forgotten_uploads: int
    made_at: str


def restore(
    directory: Path, passphrase: str, *, name: str | None = None, say: Say
) -> RestoreReport:
    """Into an empty installation. Raises `BackupError`, and then leaves nothing."""
    path = _named(directory, name)
    pool = directory / "files"
    manifest = json.loads((path / MANIFEST).read_text())
    copies = files_of(path)
    dump = path / manifest["dump"]["name"]
    _check_target(manifest)
    key = _secret_key(manifest, path, passphrase)
    if _digest(dump) != manifest["dump"]["sha256"]:
        raise BackupError("The dump of the database in the backup is damaged.")
    # All of them before the first write: a damaged backup must not leave half a site.
    for copy in copies:
        files.verify(copy, pool)
    say(f"backup: {len(copies)} files and the dump are whole")
    undo = [database.restore(dump)]
    try:
        for copy in copies:
            # Before it is put back: what a failure leaves of it is removed too.
            undo.append(lambda copy=copy: files.remove(copy))  # type: ignore[misc]
            files.put_back(copy, pool)
        if key is not None:
            undo.append(_install_key(key))
        Heartbeat.objects.all().delete()
        forgotten, _ = Upload.objects.filter(submission=None).delete()
    except BaseException:
        for step in reversed(undo):
            step()
        raise
    return RestoreReport(len(copies), forgotten, manifest["made_at"])


def _check_target(manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise BackupError("The backup was made by another version of this command.")
    if manifest["vendor"] != connection.vendor:
        raise BackupError(
            f"The backup is of {manifest['vendor']}, this installation has {connection.vendor}."
        )
    if unknown := database.unknown_migrations(manifest["migrations"]):
        raise BackupError(f"The backup is of a newer version of the site: {unknown[0]}.")
    if filled := database.first_filled_table() or files.first_in_storages():
        raise BackupError(
            f"This installation is not empty: {filled}. "
            "Restore into a new one, made without CCD_ADMIN."
        )


def _secret_key(manifest: dict[str, Any], path: Path, passphrase: str) -> str | None:
    """The key to install; None if this installation has it. Raises `BackupError`."""
    wanted = manifest["secret_key"]
    ours = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if wanted in map(secrets.fingerprint, ours):
        return None
    if not (path / SECRETS).exists():
        raise BackupError(
            "The backup has another CCD_SECRET_KEY, and does not contain it: every receipt would "
            "look altered. Set the key of then, or put it into CCD_FORMER_SECRET_KEYS."
        )
    if not passphrase:
        raise BackupError("The backup has another secret key: give --passphrase-file.")
    key: str = secrets.unseal((path / SECRETS).read_bytes(), passphrase)["secret_key"]
    if "CCD_SECRET_KEY" in os.environ:
        raise BackupError(
            "CCD_SECRET_KEY is not the key of the backup. Take that one from `manage.py restore "
            "DIRECTORY --passphrase-file FILE --show-settings`."
        )
    return key


def shown_settings(directory: Path, passphrase: str, name: str | None = None) -> dict[str, str]:
    """The environment of the installation that made the backup. Raises `BackupError`."""
    path = _named(directory, name)
    if not (path / SECRETS).exists():
        raise BackupError("The backup was made without a passphrase: it contains no settings.")
    values = secrets.unseal((path / SECRETS).read_bytes(), passphrase)
    made = {
        "CCD_SECRET_KEY": values["secret_key"],
        "CCD_PUSH_SECRET": values.get("push_secret", ""),
    }
    return {**values["environment"], **made}


def _install_key(key: str) -> Callable[[], None]:
    file, former = settings.DATA_DIR / "secret-key", settings.SECRET_KEY
    _write(file, key.encode())
    settings.SECRET_KEY = key  # for the checks that follow

    def undo() -> None:
        _write(file, former.encode())
        settings.SECRET_KEY = former

    return undo


# ---------------------------------------------------------------- files alone


@dataclass(frozen=True)
class FilesReport:
    put_back: int
    missing: list[str]


def restore_files(directory: Path, *, say: Say) -> FilesReport:
    """The files that rows of this database name and that its storages lack. `directory`: of
    backups, or what `deploy/copy-away` has written. A file that is there is never replaced. One of
    which the digest is known and differs counts as missing. Raises `BackupError`.
    """
    backups = made_in(directory) + made_in(directory / "backups")
    digests = {(copy.storage, copy.key): copy.sha256 for path in backups for copy in files_of(path)}
    digests |= {("deposits", key): sha256 for key, sha256 in files.known_digests().items()}
    put_back, missing = 0, []
    lacking = [(alias, key) for alias, key in files.known_names() if not files.exists(alias, key)]
    say(f"files: {len(lacking)} are missing")
    for alias, key in lacking:
        copy = Kept(alias, key, digests.get((alias, key), ""), 0)
        if files.put_back_from(directory, copy):
            put_back += 1
        else:
            missing.append(f"{alias}/{key}")
    return FilesReport(put_back, missing)


# ---------------------------------------------------------------- the directory


def made_in(directory: Path) -> list[Path]:
    """Complete backups, oldest first."""
    return sorted(path.parent for path in directory.glob(f"[0-9]*/{MANIFEST}"))


def _named(directory: Path, name: str | None) -> Path:
    backups = [path for path in made_in(directory) if name in (None, path.name)]
    if not backups:
        raise BackupError(f"There is no such backup in {directory}.")
    return backups[-1]


def _last_files(directory: Path) -> list[Kept]:
    if not (made := made_in(directory)):
        return []
    return files_of(made[-1])


def files_of(backup: Path) -> list[Kept]:
    return [Kept(**fields) for fields in json.loads((backup / MANIFEST).read_text())["files"]]


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
