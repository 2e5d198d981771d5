"""Locked containers: a file that may lie anywhere long before somebody may read it, and is opened
with a short key. AES-256-GCM in chunks, in the manner of STREAM; browsers read the same format
(`static/js/packages-format.js`).

    header   "CCDPACK", version 1 (one byte), bytes in a chunk (u32), nonce prefix (7), zeros (5)
    chunk i  that many bytes encrypted, and a tag of 16; the last chunk may be shorter

The nonce of chunk i is the prefix, i (u32) and 1 in the last chunk, else 0 (one byte). Each chunk
is authenticated with the header. Numbers are big-endian. So a chunk that is altered, left out,
moved, repeated, or of another container does not open, nor does a container without its end.
"""

import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HEADER = struct.Struct(">7sBI7s5x")
MAGIC, VERSION = b"CCDPACK", 1
CHUNK = 1 << 20
CHUNK_MAX = 1 << 24  # a forged header must not make a reader ask for gigabytes
TAG = 16
KEY_BYTES = 32


class Altered(ValueError):
    """This is not what was locked with this key."""


class Readable(Protocol):
    """A file open for reading."""

    def read(self, size: int, /) -> bytes: ...


def new_key() -> str:
    """A key for one container: 43 characters."""
    return urlsafe_b64encode(os.urandom(KEY_BYTES)).rstrip(b"=").decode()


def lock(blocks: Iterable[bytes], key: str, *, chunk: int = CHUNK) -> Iterator[bytes]:
    """The container of these bytes, piece by piece. A key locks one container and no other."""
    prefix = os.urandom(7)
    header = HEADER.pack(MAGIC, VERSION, chunk, prefix)
    cipher = AESGCM(_raw(key))
    yield header
    chunks = _regular(blocks, chunk)
    current, number = next(chunks, b""), 0
    for following in chunks:
        yield cipher.encrypt(_nonce(prefix, number, last=False), current, header)
        current, number = following, number + 1
    yield cipher.encrypt(_nonce(prefix, number, last=True), current, header)


def unlock(file: Readable, key: str) -> Iterator[bytes]:
    """What was locked, chunk by chunk. Raises `Altered`, at the latest in place of the last chunk:
    whoever acts on the beginning must be able to take that back.
    """
    header = file.read(HEADER.size)
    if len(header) < HEADER.size:
        raise Altered
    magic, version, chunk, prefix = HEADER.unpack(header)
    if (magic, version) != (MAGIC, VERSION) or not 0 < chunk <= CHUNK_MAX:
        raise Altered
    cipher = AESGCM(_raw(key))
    current, number = file.read(chunk + TAG), 0
    while True:
        following = file.read(chunk + TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=not following), current, header)
        except (InvalidTag, ValueError) as error:
            raise Altered from error
        if not following:
            return
        current, number = following, number + 1


def _regular(blocks: Iterable[bytes], chunk: int) -> Iterator[bytes]:
    """The same bytes in blocks of `chunk`, the last one as long as it is."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) >= chunk:
            yield bytes(held[:chunk])
            del held[:chunk]
    if held:
        yield bytes(held)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def _raw(key: str) -> bytes:
    raw = urlsafe_b64decode(key + "=")
    if len(raw) != KEY_BYTES:
        raise Altered
    return raw
