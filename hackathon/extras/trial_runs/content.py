"""Files that are handed in, made up while they are sent."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Iterator

BLOCK = 256 * 1024


class LineCut(Exception):
    pass


class Content:
    """A file that no other has: its own first bytes, then the noise that all share."""

    def __init__(self, noise: bytes, size: int, line: int = 0) -> None:
        self._head = random.randbytes(32)
        self._noise, self._size, self._line = memoryview(noise), size, line

    def _part(self, start: int, stop: int) -> bytes:
        return self._head[start:stop] if start < len(self._head) else bytes(self._noise[start:stop])

    def _spans(self, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            end = min(stop, len(self._head) if start < len(self._head) else start + BLOCK)
            yield self._part(start, end)
            start = end

    def sha256(self) -> str:
        digest = hashlib.sha256()
        for part in self._spans(0, self._size):
            digest.update(part)
        return digest.hexdigest()

    async def blocks(self, start: int, cut: int | None) -> AsyncIterator[bytes]:
        """Raises `LineCut` at `cut`: the connection is closed there."""
        for part in self._spans(start, self._size if cut is None else max(start, cut)):
            yield part
            if self._line:
                await asyncio.sleep(len(part) / self._line)
        if cut is not None:
            raise LineCut
