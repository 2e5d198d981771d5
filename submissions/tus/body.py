import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from submissions.models import deposits_storage
from submissions.storage import deposit_key
from submissions.transfers.partial import Partial, is_wanted, wanted_path
from submissions.tus.protocol import ProtocolError

Receive = Callable[[], Awaitable[dict[str, Any]]]

# A thread writes and hashes one block while the next one arrives. Twice as much costs 30 MB more
# memory for sixty transfers, and is hardly faster.
BLOCK_BYTES = 128 * 1024
# A request is ended when no bytes arrive for so long. The second limit holds if another request
# waits for the lock: a laptop that changed its network leaves a connection that is never closed.
SILENCE_SECONDS = 60.0
SILENCE_IF_WANTED_SECONDS = 1.0
WATCH_SECONDS = 0.25
SEND_AHEAD_SECONDS = 1.0

# For writing, hashing and syncing.
disk = ThreadPoolExecutor(4, "uploads-disk")
# Separate threads, so that a slow remote storage does not delay writes to the disk.
_send_ahead = ThreadPoolExecutor(4, "uploads-ahead")


async def on_disk[T](function: Callable[..., T], *arguments: Any) -> T:
    return await asyncio.get_running_loop().run_in_executor(disk, function, *arguments)


async def take(receive: Receive, partial: Partial, *, at_most: int) -> bool:
    """False if the body is incomplete; what arrived is kept.

    Raises `ProtocolError` 413 for more than `at_most` bytes; then nothing is kept.
    """
    start = partial.size
    writer = _Writer(partial)
    more = True
    whole = False
    try:
        # One timeout for the whole body, which `_watch_all` moves: a timeout per message is slow.
        with contextlib.suppress(TimeoutError):
            async with _watched(partial) as watch:
                while more:
                    message = await receive()
                    watch.reset()
                    # `http.disconnect` can have a body too: see `Request.receive`.
                    body = message.get("body", b"")
                    at_most -= len(body)
                    if at_most < 0:
                        break
                    await writer.add(body)
                    more = message.get("more_body", False)
                    whole = not more and message["type"] != "http.disconnect"
        await writer.finish()
    except asyncio.CancelledError:
        writer.finish_at_once()
        raise
    if at_most >= 0:
        return whole
    await on_disk(partial.truncate, start)
    raise ProtocolError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "More bytes came than Upload-Length announced; nothing of this request was kept.",
        code="size_exceeded",
    )


@contextlib.asynccontextmanager
async def sent_ahead(file: Partial) -> AsyncIterator[None]:
    """For a remote storage. It compares each part later, so bytes that are removed do no harm."""
    storage = deposits_storage()
    if not storage.is_remote:
        yield
        return
    name = deposit_key(file.id)

    async def keep_sending() -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SEND_AHEAD_SECONDS)
            await loop.run_in_executor(_send_ahead, storage.advance, name, file.path, file.size)

    sending = asyncio.create_task(keep_sending())
    try:
        yield
    finally:
        sending.cancel()
        # Not waited for: the answer is about the disk, and a remote storage may be slow.
        _send_ahead.submit(storage.advance, name, file.path, file.size)


class _Writer:
    def __init__(self, partial: Partial) -> None:
        self._partial = partial
        self._blocks: list[bytes] = []
        self._buffered = 0
        self._job: Future[None] | None = None

    async def add(self, body: bytes) -> None:
        self._blocks.append(body)
        self._buffered += len(body)
        if self._buffered >= BLOCK_BYTES:
            await self._write()

    async def finish(self) -> None:
        await self._write()
        await self._wait()

    def finish_at_once(self) -> None:
        """Without `await`, because the event loop of a server that stops may not run again."""
        if self._job is not None:
            self._job.result()
        self._partial.append(self._blocks)

    async def _write(self) -> None:
        await self._wait()
        if self._blocks:
            self._job = disk.submit(self._partial.append, self._blocks)
            self._blocks, self._buffered = [], 0

    async def _wait(self) -> None:
        if self._job is not None:
            await asyncio.shield(asyncio.wrap_future(self._job))


class _Watch:
    def __init__(self, partial: Partial, timeout: asyncio.Timeout) -> None:
        self._wanted = wanted_path(partial.id)
        self._loop = asyncio.get_running_loop()
        self._timeout = timeout
        self.reset()

    def reset(self) -> None:
        self._since = self._loop.time()
        self._is_late = False

    def check(self) -> None:
        silent = self._loop.time() - self._since
        allowed = SILENCE_IF_WANTED_SECONDS if is_wanted(self._wanted) else SILENCE_SECONDS
        if silent <= allowed or self._timeout.expired():
            return
        if self._is_late:
            self._timeout.reschedule(self._loop.time())
        # Only the next check ends the request: a busy process may not have read yet what arrived.
        self._is_late = True


_watches: set[_Watch] = set()
_watch_task: asyncio.Task[None] | None = None


@contextlib.asynccontextmanager
async def _watched(partial: Partial) -> AsyncIterator[_Watch]:
    global _watch_task
    loop = asyncio.get_running_loop()
    if _watch_task is None or _watch_task.done() or _watch_task.get_loop() is not loop:
        _watch_task = asyncio.ensure_future(_watch_all())
    async with asyncio.timeout(None) as timeout:
        watch = _Watch(partial, timeout)
        _watches.add(watch)
        try:
            yield watch
        finally:
            _watches.discard(watch)


async def _watch_all() -> None:
    """One task for all transfers of this process."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        for watch in tuple(_watches):
            watch.check()
        if not _watches:
            return
