import contextlib
import filecmp
import mimetypes
import os
import re
import shutil
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import cast

import puremagic
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from hackathon.base.core.disk import free
from hackathon.base.core.file_responses import INLINE_TYPES, OPAQUE
from hackathon.base.core.received_files import ReceivedFile

HEAD_BYTES = 8192  # read to detect the type


class UploadFile(File):
    """The file of a complete Upload. Closing it doesn't delete it."""

    def __init__(
        self, path: Path, name: str, *, sha256: str, received_at: datetime, seed: uuid.UUID
    ) -> None:
        super().__init__(path.open("rb"), name)
        self._path = path
        self.sha256 = sha256
        self.received_at = received_at
        self.seed: uuid.UUID | None = seed

    def temporary_file_path(self) -> str:
        """Storages link or move this path instead of copying the file."""
        return str(self._path)


WholeFile = ReceivedFile | UploadFile


def deposit_key(seed: uuid.UUID | None = None) -> str:
    """The key of an upload (`seed`) is always the same: after a crash the saved file is found."""
    key = (seed or uuid.uuid4()).hex
    return f"{key[:2]}/{key}"


def partial_path(upload_id: uuid.UUID) -> Path:
    """Of a transfer in progress. Its size is the number of bytes that arrived."""
    return Path(settings.UPLOADS_DIR) / upload_id.hex


@dataclass(frozen=True)
class Space:
    """In bytes. `promised`: what the transfers that are sending still have to send.
    `first_versions`: what every team's first version of everything may still need.
    """

    free: int
    promised: int
    reserve: int
    first_versions: int = 0

    @property
    def is_low(self) -> bool:
        return self.free - self.promised < 2 * self.reserve

    @property
    def available(self) -> int:
        return max(self.free - self.promised - self.reserve, 0)

    @property
    def kept(self) -> int:
        """Only first versions may use it. A disk that is too small for all first versions at their
        largest size keeps half of what is available: on it nobody could replace a file otherwise.
        """
        if self.first_versions <= self.available:
            return self.first_versions
        return self.available // 2


def disk() -> Space:
    """Without what is promised. No query."""
    return Space(free=free(settings.UPLOADS_DIR), promised=0, reserve=settings.DISK_RESERVE)


def content_type_of(file: File, filename: str) -> str:
    """Types that pages show inline are recognized by the bytes only, because a name can lie."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    extension = _plain_extension(filename)
    by_content = _type_of_bytes(head, extension)
    by_name = mimetypes.guess_type(f"_{extension}")[0]
    if by_content in INLINE_TYPES or by_name is None or by_name in INLINE_TYPES:
        return by_content or OPAQUE
    # Office documents are ZIP archives, and source code is text: here the name is more precise.
    return by_name


def deposits_storage() -> "DepositStorage":
    return cast(DepositStorage, storages["deposits"])


class DepositStorage(Storage):
    is_remote = False  # `advance` does something
    read_errors: tuple[type[Exception], ...] = (OSError,)  # raised by opening and reading

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """In bytes, of those files that exist."""
        sizes = {}
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                sizes[name] = self.size(name)
        return sizes

    def advance(self, name: str, path: Path, durable: int) -> None:
        """Send bytes of `path` ahead; `durable` are on disk. Blocks, and never raises."""

    def forget(self, name: str) -> None:
        """Delete the parts that `advance` sent. Never raises."""


class DepositDirectory(DepositStorage, FileSystemStorage):
    """Hard-links a complete file of the same disk: it has a name at every instant (decision 6)."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Saving the same key again must not make a second file."""
        return name

    def _save(self, name: str, content: File) -> str:
        if not hasattr(content, "temporary_file_path"):
            return super()._save(name, content)  # type: ignore[misc]
        source, target = Path(content.temporary_file_path()), Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except FileExistsError:
            if target.samefile(source) or _is_copy(target, source):
                pass
            elif target.stat().st_dev != source.stat().st_dev:
                _copy(source, target)  # a copy of a process that crashed
            else:
                raise
        except OSError:  # another disk, or a file system without hard links
            _copy(source, target)
        if self.file_permissions_mode is not None:
            target.chmod(self.file_permissions_mode)
        for directory in target.parents[:2]:
            _sync(directory)
        return name


def _is_copy(target: Path, source: Path) -> bool:
    """As without hard links, if the process ended before its transaction."""
    filecmp.clear_cache()
    return filecmp.cmp(target, source, shallow=False)


def _copy(source: Path, target: Path) -> None:
    incomplete = target.with_suffix(".half")
    with source.open("rb") as read, incomplete.open("wb") as write:
        shutil.copyfileobj(read, write, 1024 * 1024)
        write.flush()
        os.fsync(write.fileno())
    incomplete.replace(target)


def _sync(directory: Path) -> None:
    """Make the file names in it durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _plain_extension(filename: str) -> str:
    suffix = PurePosixPath(filename).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def _type_of_bytes(head: bytes, extension: str) -> str | None:
    try:
        # Not the real file name: puremagic would read a file of that name from the server's disk.
        matches = puremagic.magic_string(head, f"deposit{extension}")
    except (puremagic.PureError, ValueError):
        return None
    # A match without `byte_match` is by the extension only.
    return next((m.mime_type for m in matches if m.byte_match and m.mime_type), None)
