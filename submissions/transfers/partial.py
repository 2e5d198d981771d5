"""Partial files, one for each upload, below `settings.UPLOADS_DIR`. What has arrived is its size.

A lock (`flock`) on the file says who may write to it or finish it, across all processes of the
machine; it is gone with the process that held it.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from django.conf import settings

READ_BLOCK = 1024 * 1024
# A request that waits for another to let go asks that often, so long.
POLL_SECONDS = 0.02
WANTED_SECONDS = 2.0
HASHES_KEPT = 500


class Gone(Exception):
    """There is no partial file: it has become a deposit, or was given up."""


class Busy(Exception):
    """Another request is writing to it."""


def path_of(upload_id: uuid.UUID) -> Path:
    """Where the bytes of an upload are collected."""
    return Path(settings.UPLOADS_DIR) / upload_id.hex


def wanted_path(upload_id: uuid.UUID) -> Path:
    """A mark beside it: somebody waits for the lock, a transfer that has gone silent must end."""
    return path_of(upload_id).with_suffix(".wanted")


def is_wanted(path: Path) -> bool:
    """Whether somebody waits right now. A process that was killed leaves its mark behind."""
    try:
        return time.time() - path.stat().st_mtime < WANTED_SECONDS
    except FileNotFoundError:
        return False


def create(upload_id: uuid.UUID) -> None:
    """An empty partial file, its name durable; one that is there stays. Raises `OSError`."""
    path = path_of(upload_id)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def remove(upload_id: uuid.UUID) -> None:
    """Give the name up; what became a deposit keeps its other one."""
    path_of(upload_id).unlink(missing_ok=True)
    wanted_path(upload_id).unlink(missing_ok=True)
    _digests.pop(upload_id, None)


class Partial:
    """An open, locked partial file. Blocking: threads call what may take long."""

    def __init__(self, upload_id: uuid.UUID, descriptor: int) -> None:
        self.id = upload_id
        self.path = path_of(upload_id)
        self._descriptor = descriptor
        # A thread may still write when a server that stops lets go of the request: it must not
        # write into another file that got the same descriptor.
        self._writing = threading.Lock()
        self.size = os.fstat(descriptor).st_size

    def append(self, blocks: list[bytes]) -> None:
        """Write at the end, and hash what was hashed up to there. Raises `OSError` (disk full):
        what was written before it stays.
        """
        with self._writing:
            self._append(blocks)

    def close(self) -> None:
        """Let go of it."""
        with self._writing:
            os.close(self._descriptor)
            self._descriptor = -1

    def _append(self, blocks: list[bytes]) -> None:
        known = _digests.get(self.id)
        if known is None and self.size == 0:
            known = _remember(self.id, _Digest())
        hashing = known is not None and known.hashed == self.size
        for block in blocks:
            view = memoryview(block)
            while view:
                written = os.pwrite(self._descriptor, view, self.size)
                if hashing and known:
                    known.update(view[:written])
                self.size += written
                view = view[written:]

    def sync(self) -> None:
        """Return when what was written would survive the machine."""
        os.fdatasync(self._descriptor)

    def cut(self, size: int) -> None:
        """Take back what came after the first `size` bytes."""
        os.ftruncate(self._descriptor, size)
        self.size = size
        _digests.pop(self.id, None)

    def sha256(self) -> str:
        """The digest of the whole; reads what this process did not see arrive."""
        known = _digests.get(self.id) or _Digest()
        if known.hashed > self.size:
            known = _Digest()
        while known.hashed < self.size:
            block = os.pread(self._descriptor, READ_BLOCK, known.hashed)
            known.update(block)
        _remember(self.id, known)
        return known.value.hexdigest()

    def checksum(self, start: int) -> bytes:
        """The SHA-256 of what came after the first `start` bytes."""
        digest = hashlib.sha256()
        for at in range(start, self.size, READ_BLOCK):
            digest.update(os.pread(self._descriptor, READ_BLOCK, at))
        return digest.digest()


@contextlib.contextmanager
def held(upload_id: uuid.UUID) -> Any:
    """The partial file, locked. Raises `Busy` or `Gone`."""
    path = path_of(upload_id)
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        raise Gone from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        if not _is_still(path, descriptor):
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
async def awaited(upload_id: uuid.UUID, *, seconds: float) -> AsyncIterator[Partial]:
    """The same, once whoever holds it has let go; asks them to. Raises `Busy` after `seconds`."""
    until = time.monotonic() + seconds
    wanted = wanted_path(upload_id)
    try:
        while True:
            try:
                with held(upload_id) as partial:
                    yield partial
                    return
            except Busy:
                if time.monotonic() >= until:
                    raise
                wanted.touch()
                await asyncio.sleep(POLL_SECONDS)
    finally:
        wanted.unlink(missing_ok=True)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the name still means this file: it may have been given up while we waited."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


class _Digest:
    """A running SHA-256 and how many bytes it has seen."""

    def __init__(self) -> None:
        self.value = hashlib.sha256()
        self.hashed = 0

    def update(self, block: bytes | memoryview) -> None:
        self.value.update(block)
        self.hashed += len(block)


# Of the uploads that this process sees arrive. Another process, or this one started again, reads.
_digests: OrderedDict[uuid.UUID, _Digest] = OrderedDict()


def _remember(upload_id: uuid.UUID, digest: _Digest) -> _Digest:
    _digests[upload_id] = digest
    _digests.move_to_end(upload_id)
    while len(_digests) > HASHES_KEPT:
        _digests.popitem(last=False)
    return digest
