"""Sending on what has arrived of an upload, while the rest still arrives, to a storage far away."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

from submissions.models import deposits_storage
from submissions.storage import deposit_key
from submissions.transfers.partial import Partial

EVERY_SECONDS = 1.0

# Its own threads: a store that is slow must not keep bytes from the disk.
_far = ThreadPoolExecutor(4, "uploads-ahead")


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
            await asyncio.sleep(EVERY_SECONDS)
            await loop.run_in_executor(_far, storage.advance, name, file.path, file.size)

    sending = asyncio.create_task(keep_sending())
    try:
        yield
    finally:
        sending.cancel()
        _far.submit(storage.advance, name, file.path, file.size)
