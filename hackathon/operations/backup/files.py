"""The files that rows know, kept by their SHA-256: the same file is never copied twice."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db.models import FileField

from hackathon.operations.backup.errors import BackupError
from submissions.models import Submission

BLOCK = 1024 * 1024
STORAGES = ("deposits", "default", "previews")
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
    digest = hashlib.sha256()
    try:
        with _path(pool, copy.sha256).open("rb") as file:
            for block in _blocks(file):
                digest.update(block)
    except OSError as error:
        raise BackupError(f"The backup lacks {copy.storage}/{copy.key}: {error}") from error
    if digest.hexdigest() != copy.sha256:
        raise BackupError(f"In the backup {copy.storage}/{copy.key} is damaged.")


def put_back(copy: Kept, pool: Path) -> None:
    """Raises `BackupError` if the storage gave it another name."""
    with _path(pool, copy.sha256).open("rb") as source:
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
    unfinished = pool / f"unfinished-{os.getpid()}"
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


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _path(pool: Path, sha256: str) -> Path:
    return pool / sha256[:2] / sha256
