"""The body of a request: into a partial file as it comes, and ahead to a storage far away."""

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

# Written and hashed in one go, in a thread, while the next block arrives. With twice as much sixty
# transfers hold 30 MB more, and are hardly faster.
BLOCK_BYTES = 128 * 1024
# A transfer from which nothing comes is ended after that long; at once if somebody waits for it:
# a laptop that changed its network left a connection behind that nobody will ever close.
SILENCE_SECONDS = 60.0
YIELD_SECONDS = 1.0
WATCH_SECONDS = 0.25
AHEAD_SECONDS = 1.0

# Writing, hashing, syncing. Two cores hash; more threads only wait for the disk.
disk = ThreadPoolExecutor(4, "uploads-disk")
# Threads of its own: a store that is slow must not keep bytes from the disk.
_far = ThreadPoolExecutor(4, "uploads-ahead")


async def on_disk[T](function: Callable[..., T], *arguments: Any) -> T:
    """Run what may take long in a thread."""
    return await asyncio.get_running_loop().run_in_executor(disk, function, *arguments)


async def take(receive: Receive, partial: Partial, *, room: int) -> bool:
    """Append the body to `partial`, at most `room` bytes. Whether it came to its end.

    False: the connection broke or fell silent; all that had come is in the file. Raises
    `ProtocolError` 413 if more comes than there is room for: then nothing of this body is kept.
    """
    start = partial.size
    writer = _Writer(partial)
    more = True
    whole = False
    try:
        # One time limit for all of it, moved from outside: no piece pays for it.
        with contextlib.suppress(TimeoutError):
            async with _watched(partial) as watch:
                while more:
                    message = await receive()
                    watch.heard()
                    # A broken connection, too, may bring what had arrived before.
                    body = message.get("body", b"")
                    room -= len(body)
                    if room < 0:
                        break
                    await writer.add(body)
                    more = message.get("more_body", False)
                    whole = not more and message["type"] != "http.disconnect"
        await writer.finish()
    except asyncio.CancelledError:
        writer.finish_at_once()
        raise
    if room >= 0:
        return whole
    await on_disk(partial.cut, start)
    raise ProtocolError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "More bytes came than Upload-Length announced; nothing of this request was kept.",
        code="size_exceeded",
    )


@contextlib.asynccontextmanager
async def sent_ahead(file: Partial) -> AsyncIterator[None]:
    """While a body is taken into `file`, send its complete parts; and once more when it ends.

    Bytes that are taken back later (a checksum that does not fit) do no harm: the storage compares.
    """
    storage = deposits_storage()
    if not storage.is_far:
        yield
        return
    name = deposit_key(file.id)

    async def keep_sending() -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(AHEAD_SECONDS)
            await loop.run_in_executor(_far, storage.advance, name, file.path, file.size)

    sending = asyncio.create_task(keep_sending())
    try:
        yield
    finally:
        sending.cancel()
        _far.submit(storage.advance, name, file.path, file.size)


class _Writer:
    """Writes one block in a thread while the next one arrives."""

    def __init__(self, partial: Partial) -> None:
        self._partial = partial
        self._blocks: list[bytes] = []
        self._gathered = 0
        self._job: Future[None] | None = None

    async def add(self, body: bytes) -> None:
        """Take a piece; waits for the block before if that is not written yet."""
        self._blocks.append(body)
        self._gathered += len(body)
        if self._gathered >= BLOCK_BYTES:
            await self._write()

    async def finish(self) -> None:
        """Return when everything is written."""
        await self._write()
        await self._written()

    def finish_at_once(self) -> None:
        """The same without a turn of the loop: a server that stops may not give another one."""
        if self._job is not None:
            self._job.result()
        self._partial.append(self._blocks)

    async def _write(self) -> None:
        await self._written()
        if self._blocks:
            self._job = disk.submit(self._partial.append, self._blocks)
            self._blocks, self._gathered = [], 0

    async def _written(self) -> None:
        if self._job is not None:
            await asyncio.shield(asyncio.wrap_future(self._job))


class _Watch:
    """Ends a wait for bytes that do not come."""

    def __init__(self, partial: Partial, timeout: asyncio.Timeout) -> None:
        self._wanted = wanted_path(partial.id)
        self._loop = asyncio.get_running_loop()
        self._timeout = timeout
        self.heard()

    def heard(self) -> None:
        """Something came."""
        self._since = self._loop.time()

    def look(self) -> None:
        """Called now and then, from outside: costs the transfer nothing."""
        silent = self._loop.time() - self._since
        allowed = YIELD_SECONDS if is_wanted(self._wanted) else SILENCE_SECONDS
        if silent > allowed and not self._timeout.expired():
            self._timeout.reschedule(self._loop.time())


_watches: set[_Watch] = set()
_watchman: asyncio.Task[None] | None = None


@contextlib.asynccontextmanager
async def _watched(partial: Partial) -> AsyncIterator[_Watch]:
    """Raises `TimeoutError` when the transfer has been silent for too long."""
    global _watchman
    loop = asyncio.get_running_loop()
    if _watchman is None or _watchman.done() or _watchman.get_loop() is not loop:
        _watchman = asyncio.ensure_future(_keep_watch())
    async with asyncio.timeout(None) as timeout:
        watch = _Watch(partial, timeout)
        _watches.add(watch)
        try:
            yield watch
        finally:
            _watches.discard(watch)


async def _keep_watch() -> None:
    """One look round for all transfers of this process, as long as there are any."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        for watch in tuple(_watches):
            watch.look()
        if not _watches:
            return
