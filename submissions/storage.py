"""Where received files live."""

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
    """An opaque storage key: nothing a student typed becomes a path.

    The key of a resumable upload follows from its id (`seed`): a process killed between keeping the
    file and writing its row leaves nothing behind that the next attempt would not find.
    """
    key = (seed or uuid.uuid4()).hex
    return f"{key[:2]}/{key}"


def deposits_storage() -> "DepositStorage":
    """Where received files are kept; a setting, hence looked up when used."""
    return cast(DepositStorage, storages["deposits"])


class DepositStorage(Storage):
    """What a storage of deposits can do besides."""

    is_far = False  # whether `advance` is worth the call
    read_errors: tuple[type[Exception], ...] = (OSError,)  # what opening and reading may raise

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """The size in bytes of each of these files that is there."""
        found = {}
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                found[name] = self.size(name)
        return found

    def advance(self, name: str, path: Path, durable: int) -> None:
        """The first `durable` bytes of the file at `path` will be saved as `name`: a storage that
        is far away can send them already. Called in a thread, as often as one likes; never raises.
        """

    def forget(self, name: str) -> None:
        """What was sent ahead as `name` will not be saved after all. Never raises."""


class DepositDirectory(DepositStorage, FileSystemStorage):
    """A directory of files that are written once.

    A file that is already whole on the same disk gets a second name here and keeps its first one,
    which its owner removes when the row is written: at no instant is it without a name.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: keys are ours alone, and saving the same file again is one file."""
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
                _copy(source, kept)  # copied before, and its process died
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
    """Copy whole or not at all: a half copy never carries the name."""
    half = kept.with_suffix(".half")
    with source.open("rb") as read, half.open("wb") as write:
        shutil.copyfileobj(read, write, 1024 * 1024)
        write.flush()
        os.fsync(write.fileno())
    half.replace(kept)


def _sync(directory: Path) -> None:
    """Make the names in it as durable as the bytes are."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
