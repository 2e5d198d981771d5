"""Partial files (`docs/uploads.md`). Writing and concluding need a `flock` on the file."""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from submissions.storage import partial_path

READ_BLOCK = 1024 * 1024
# How often a request tries to get a lock that another one holds.
POLL_SECONDS = 0.02
WANTED_SECONDS = 2.0  # how long the marker of `wanted_path` is valid
HASHES_KEPT = 500


class Gone(Exception):
    """There is no partial file: the upload was concluded, cancelled or lost."""


class Busy(Exception):
    pass


def wanted_path(upload_id: uuid.UUID) -> Path:
    """A marker: a request waits for the lock, so that a silent transfer must end."""
    return partial_path(upload_id).with_suffix(".wanted")


def is_wanted(path: Path) -> bool:
    """Old markers of killed processes are ignored."""
    try:
        return time.time() - path.stat().st_mtime < WANTED_SECONDS
    except FileNotFoundError:
        return False


def create(upload_id: uuid.UUID) -> None:
    """Empty. Syncs the directory: the name is durable. Raises `OSError`."""
    path = partial_path(upload_id)
    os.close(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def exists(upload_id: uuid.UUID) -> bool:
    """On this host."""
    return partial_path(upload_id).exists()


def remove(upload_id: uuid.UUID) -> None:
    partial_path(upload_id).unlink(missing_ok=True)
    wanted_path(upload_id).unlink(missing_ok=True)
    _digests.pop(upload_id, None)


class Partial:
    def __init__(self, upload_id: uuid.UUID, descriptor: int) -> None:
        self.id = upload_id
        self.path = partial_path(upload_id)
        self._descriptor = descriptor
        # A thread may still write when a stopping server cancels the request: it must not write
        # into another file that got the same descriptor.
        self._writing = threading.Lock()
        self.size = os.fstat(descriptor).st_size

    def append(self, blocks: list[bytes]) -> None:
        """Raises `OSError` (disk full): what was written until then stays."""
        with self._writing:
            self._append(blocks)

    def close(self) -> None:
        with self._writing:
            os.close(self._descriptor)
            self._descriptor = -1

    def _append(self, blocks: list[bytes]) -> None:
        digest = _digests.get(self.id)
        if digest is None and self.size == 0:
            digest = _remember(self.id, _Digest())
        hashing = digest is not None and digest.hashed == self.size
        for block in blocks:
            view = memoryview(block)
            while view:
                written = os.pwrite(self._descriptor, view, self.size)
                if hashing and digest:
                    digest.update(view[:written])
                self.size += written
                view = view[written:]

    def sync(self) -> None:
        os.fdatasync(self._descriptor)

    def truncate(self, size: int) -> None:
        os.ftruncate(self._descriptor, size)
        self.size = size
        _digests.pop(self.id, None)

    def sha256(self) -> str:
        """Reads the bytes that another process wrote."""
        digest = _digests.get(self.id) or _Digest()
        if digest.hashed > self.size:
            digest = _Digest()
        while digest.hashed < self.size:
            block = os.pread(self._descriptor, READ_BLOCK, digest.hashed)
            digest.update(block)
        _remember(self.id, digest)
        return digest.value.hexdigest()

    def checksum(self, start: int) -> bytes:
        digest = hashlib.sha256()
        for at in range(start, self.size, READ_BLOCK):
            digest.update(os.pread(self._descriptor, READ_BLOCK, at))
        return digest.digest()


@contextlib.contextmanager
def lock(upload_id: uuid.UUID) -> Iterator[Partial]:
    """Raises `Busy` or `Gone`."""
    path = partial_path(upload_id)
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        raise Gone from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        if not _has_name(path, descriptor):
            raise Gone
    except (Busy, Gone):
        os.close(descriptor)
        raise
    partial = Partial(upload_id, descriptor)
    try:
        yield partial
    finally:
        partial.close()


@contextlib.asynccontextmanager
async def wait_for_lock(upload_id: uuid.UUID, *, seconds: float) -> AsyncIterator[Partial]:
    """Raises `Busy` after `seconds`, or `Gone`."""
    until = time.monotonic() + seconds
    wanted = wanted_path(upload_id)
    try:
        while True:
            try:
                with lock(upload_id) as partial:
                    yield partial
                    return
            except Busy:
                if time.monotonic() >= until:
                    raise
                wanted.touch()
                await asyncio.sleep(POLL_SECONDS)
    finally:
        wanted.unlink(missing_ok=True)


def _has_name(path: Path, descriptor: int) -> bool:
    """False if the file was removed meanwhile."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


class _Digest:
    def __init__(self) -> None:
        self.value = hashlib.sha256()
        self.hashed = 0

    def update(self, block: bytes | memoryview) -> None:
        self.value.update(block)
        self.hashed += len(block)


# Of the uploads whose bytes this process wrote. Others are hashed by reading the file.
_digests: OrderedDict[uuid.UUID, _Digest] = OrderedDict()


def _remember(upload_id: uuid.UUID, digest: _Digest) -> _Digest:
    _digests[upload_id] = digest
    _digests.move_to_end(upload_id)
    while len(_digests) > HASHES_KEPT:
        _digests.popitem(last=False)
    return digest
