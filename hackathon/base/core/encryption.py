"""Encrypted containers: files that browsers may have before they get the key (decision 16)."""

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
    """The key is wrong, or the container was altered."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def new_key() -> str:
    return urlsafe_b64encode(os.urandom(KEY_BYTES)).rstrip(b"=").decode()


def encrypt(blocks: Iterable[bytes], key: str, *, chunk: int = CHUNK) -> Iterator[bytes]:
    """Use each key for one container only."""
    prefix = os.urandom(7)
    header = HEADER.pack(MAGIC, VERSION, chunk, prefix)
    cipher = AESGCM(_key_bytes(key))
    yield header
    chunks = _in_chunks(blocks, chunk)
    current, number = next(chunks, b""), 0
    for following in chunks:
        yield cipher.encrypt(_nonce(prefix, number, last=False), current, header)
        current, number = following, number + 1
    yield cipher.encrypt(_nonce(prefix, number, last=True), current, header)


def decrypt(file: Readable, key: str) -> Iterator[bytes]:
    """Raises `InvalidContainer`, perhaps only at the last chunk."""
    header = file.read(HEADER.size)
    if len(header) < HEADER.size:
        raise InvalidContainer
    magic, version, chunk, prefix = HEADER.unpack(header)
    if (magic, version) != (MAGIC, VERSION) or not 0 < chunk <= CHUNK_MAX:
        raise InvalidContainer
    cipher = AESGCM(_key_bytes(key))
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


def _in_chunks(blocks: Iterable[bytes], chunk: int) -> Iterator[bytes]:
    buffer = bytearray()
    for block in blocks:
        buffer += block
        while len(buffer) >= chunk:
            yield bytes(buffer[:chunk])
            del buffer[:chunk]
    if buffer:
        yield bytes(buffer)


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def _key_bytes(key: str) -> bytes:
    raw = urlsafe_b64decode(key + "=")
    if len(raw) != KEY_BYTES:
        raise InvalidContainer
    return raw
