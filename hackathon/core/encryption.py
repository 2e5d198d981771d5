"""Encrypted containers: files that browsers may have before they get the key. AES-256-GCM in
chunks, as in the STREAM construction; `static/js/packages-format.js` reads the same format.

    header   "CCDPACK", version 1 (one byte), bytes in a chunk (u32), nonce prefix (7), zeros (5)
    chunk i  that many bytes encrypted, and a tag of 16; the last chunk may be shorter

The nonce of chunk i is the prefix, i (u32) and 1 in the last chunk, else 0 (one byte). Each chunk
is authenticated with the header. Numbers are big-endian. So a chunk that is altered, left out,
moved, repeated or taken from another container is detected, and so is a missing end.
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


class InvalidContainer(ValueError):
    """The key is another one, or the container was altered."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def new_key() -> str:
    """A key for one container: 43 characters."""
    return urlsafe_b64encode(os.urandom(KEY_BYTES)).rstrip(b"=").decode()


def encrypt(blocks: Iterable[bytes], key: str, *, chunk: int = CHUNK) -> Iterator[bytes]:
    """The container, piece by piece. Use each key for one container only."""
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


def decrypt(file: Readable, key: str) -> Iterator[bytes]:
    """The contents, chunk by chunk. Raises `InvalidContainer`, perhaps only at the last chunk: the
    caller must be able to undo what it did with the first ones.
    """
    header = file.read(HEADER.size)
    if len(header) < HEADER.size:
        raise InvalidContainer
    magic, version, chunk, prefix = HEADER.unpack(header)
    if (magic, version) != (MAGIC, VERSION) or not 0 < chunk <= CHUNK_MAX:
        raise InvalidContainer
    cipher = AESGCM(_raw(key))
    current, number = file.read(chunk + TAG), 0
    while True:
        following = file.read(chunk + TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, last=not following), current, header)
        except (InvalidTag, ValueError) as error:
            raise InvalidContainer from error
        if not following:
            return
        current, number = following, number + 1


def _regular(blocks: Iterable[bytes], chunk: int) -> Iterator[bytes]:
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
        raise InvalidContainer
    return raw
