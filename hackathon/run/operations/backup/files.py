"""The files that rows know, kept by their SHA-256: the same file is never copied twice."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db.models import FileField

from hackathon.run.operations.backup.errors import BackupError
from submissions.models import Submission

BLOCK = 1024 * 1024
# Of each storage its directory in the data directory, which a copy of it has too.
DIRECTORIES = {"deposits": "deposits", "default": "attachments", "previews": "previews"}
STORAGES = tuple(DIRECTORIES)
# Also what a bucket's client raises: it is an optional library.
READ_ERRORS = (OSError, ValueError)


@dataclass(frozen=True)
class Kept:
    storage: str
    key: str
    sha256: str
    size: int


def known_names() -> list[tuple[str, str]]:
    """(storage, key) of every file that a row names. One query per field."""
    stored: set[tuple[str, str]] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                alias = _alias_of(field.storage)
                names = model._default_manager.exclude(**{field.name: ""})
                stored |= {(alias, name) for name in names.values_list(field.name, flat=True)}
    return sorted(stored)


def known_digests() -> dict[str, str]:
    """SHA-256 of the deposits by key, from their receipts."""
    return dict(Submission.objects.exclude(file="").values_list("file", "sha256"))


def exists(alias: str, key: str) -> bool:
    return storages[alias].exists(key)


def total_size(names: list[tuple[str, str]]) -> int:
    """Bytes. Those that are gone count nothing."""
    size = 0
    for alias, key in names:
        with suppress(*READ_ERRORS):
            size += storages[alias].size(key)
    return size


def keep(alias: str, key: str, pool: Path, before: dict[tuple[str, str], Kept]) -> Kept | None:
    """Copies a file into `pool`, unless the last backup has it: files never change under their key.
    None if it is gone.
    """
    earlier = before.get((alias, key))
    if earlier is not None and _path(pool, earlier.sha256).exists():
        return earlier
    storage = storages[alias]
    if not storage.exists(key):
        return None
    with storage.open(key) as source:
        sha256, size = _copy_into(pool, source)
    return Kept(alias, key, sha256, size)


def verify(copy: Kept, pool: Path) -> None:
    """Raises `BackupError`."""
    try:
        digest = _digest_of(_path(pool, copy.sha256))
    except OSError as error:
        raise BackupError(f"The backup lacks {copy.storage}/{copy.key}: {error}") from error
    if digest != copy.sha256:
        raise BackupError(f"In the backup {copy.storage}/{copy.key} is damaged.")


def put_back(copy: Kept, pool: Path) -> None:
    """Raises `BackupError` if the storage gave it another name."""
    _put_back(copy, _path(pool, copy.sha256))


def put_back_from(directory: Path, copy: Kept) -> bool:
    """From the files of backups, or from `data` of a copy. Without a digest the copy is believed.
    False if neither has it whole.
    """
    sources = [directory / "data" / DIRECTORIES[copy.storage] / copy.key]
    if copy.sha256:
        sources.append(_path(directory / "files", copy.sha256))
    for source in sources:
        if source.is_file() and copy.sha256 in ("", _digest_of(source)):
            _put_back(copy, source)
            return True
    return False


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_back(copy: Kept, path: Path) -> None:
    with path.open("rb") as source:
        name = storages[copy.storage].save(copy.key, File(source))
    if name != copy.key:
        storages[copy.storage].delete(name)
        raise BackupError(f"{copy.storage}/{copy.key} exists already.")


def remove(copy: Kept) -> None:
    with suppress(*READ_ERRORS):
        storages[copy.storage].delete(copy.key)


def first_in_storages() -> str | None:
    """A file of any storage, or None."""
    for alias in STORAGES:
        for key in _keys(storages[alias], ""):
            return f"{alias}/{key}"
    return None


def _keys(storage: Storage, directory: str) -> Iterator[str]:
    try:
        directories, names = storage.listdir(directory)
    except FileNotFoundError:
        return
    yield from (f"{directory}{name}" for name in names)
    for name in directories:
        yield from _keys(storage, f"{directory}{name}/")


def _alias_of(storage: Storage) -> str:
    for alias in STORAGES:
        if _place(storages[alias]) == _place(storage):
            return alias
    raise BackupError(f"The storage {storage} is in no backup.")


def _place(storage: Any) -> tuple[Any, ...]:
    # `__class__`, because the default storage is a proxy.
    return storage.__class__, getattr(storage, "bucket_name", ""), str(storage.location)


def _copy_into(pool: Path, source: File) -> tuple[str, int]:
    pool.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    unfinished = pool / "unfinished-file"  # one backup at a time
    with unfinished.open("wb") as target:
        for block in source.chunks(BLOCK):
            digest.update(block)
            size += target.write(block)
        target.flush()
        os.fsync(target.fileno())
    unfinished.chmod(0o400)
    final = _path(pool, digest.hexdigest())
    final.parent.mkdir(exist_ok=True)
    # Under its digest only once it is durable: the next backup believes what has that name.
    unfinished.replace(final)
    sync(final.parent)
    return digest.hexdigest(), size


def sync(path: Path) -> None:
    """A file, or the names in a directory, also after a power failure."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _path(pool: Path, sha256: str) -> Path:
    return pool / sha256[:2] / sha256
