"""The storage of received files."""

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages


def deposit_key(seed: uuid.UUID | None = None) -> str:
    """An opaque storage key: no file name of a student becomes a path.

    The key of a resumable upload is computed from its id (`seed`): if the process crashes between
    saving the file and writing its row, the next attempt finds the file.
    """
    key = (seed or uuid.uuid4()).hex
    return f"{key[:2]}/{key}"


def deposits_storage() -> "DepositStorage":
    """Looked up when used, because tests change the setting."""
    return cast(DepositStorage, storages["deposits"])


class DepositStorage(Storage):
    is_remote = False  # `advance` does something
    read_errors: tuple[type[Exception], ...] = (OSError,)  # raised by opening and reading

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """In bytes, of those files that exist."""
        found = {}
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                found[name] = self.size(name)
        return found

    def advance(self, name: str, path: Path, durable: int) -> None:
        """The file at `path`, of which `durable` bytes are stored, will be saved as `name`: a
        remote storage can send these bytes already. Blocks, and never raises.
        """

    def forget(self, name: str) -> None:
        """Delete the parts that `advance` sent. Never raises."""


class DepositDirectory(DepositStorage, FileSystemStorage):
    """A directory of files that are written once.

    A complete file on the same disk gets a hard link here. Its first name is removed when the row
    has been written, so that it has a name at every instant.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Saving the same key again must not make a second file."""
        return name

    def _save(self, name: str, content: File) -> str:
        if not hasattr(content, "temporary_file_path"):
            return super()._save(name, content)  # type: ignore[misc]
        source, kept = Path(content.temporary_file_path()), Path(self.path(name))
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, kept)
        except FileExistsError:
            if kept.samefile(source):
                pass
            elif kept.stat().st_dev != source.stat().st_dev:
                _copy(source, kept)  # a copy of a process that crashed
            else:
                raise
        except OSError:  # another disk, or a file system without hard links
            _copy(source, kept)
        if self.file_permissions_mode is not None:
            kept.chmod(self.file_permissions_mode)
        for directory in kept.parents[:2]:
            _sync(directory)
        return name


def _copy(source: Path, kept: Path) -> None:
    """The incomplete copy has another name."""
    half = kept.with_suffix(".half")
    with source.open("rb") as read, half.open("wb") as write:
        shutil.copyfileobj(read, write, 1024 * 1024)
        write.flush()
        os.fsync(write.fileno())
    half.replace(kept)


def _sync(directory: Path) -> None:
    """Make the file names in it durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
