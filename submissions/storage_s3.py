"""Files in an S3-compatible store: private, read in parts, sent ahead while they still arrive."""

import base64
import hashlib
import io
import logging
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
)
from django.core.files import File
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from submissions.storage import DepositStorage

# Part n holds the n-th so many bytes, whoever sends it: 10,000 parts are allowed, 80 GB.
PART_BYTES = 8 * 1024 * 1024
# What is fetched at once grows while a file is read on, so that a look at its end stays cheap.
FIRST_FETCH = 1024 * 1024
LARGEST_FETCH = 64 * 1024 * 1024
BUFFER = 256 * 1024
ATTEMPTS = 3
# A store that does not answer is left alone for a while; the transfer goes on without it.
REST_SECONDS = 15.0
# From so many files on, listing all of them costs less than asking for each.
MANY = 50

logger = logging.getLogger(__name__)


class Bucket(S3Storage):
    """A directory of a bucket. Nothing in it is served but by views that ask for the right."""

    def get_default_settings(self) -> dict[str, Any]:
        """Checksums that only AWS knows are left out: other stores refuse them."""
        config = Config(
            signature_version="s3v4",
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            max_pool_connections=32,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        own = {"client_config": config, "default_acl": None, "file_overwrite": False}
        return {**super().get_default_settings(), **own}

    @property
    def client(self) -> Any:
        """The low-level client, which threads may share."""
        return self.bucket.meta.client

    def url(self, name: str, *_more: Any, **_named: Any) -> str:
        """None, as for a directory that no server serves."""
        raise ValueError("This file is not accessible via a URL.")

    def key_of(self, name: str) -> str:
        """The object's key in the bucket."""
        return str(self._normalize_name(clean_name(name)))

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("Files are written by save() alone.")
        return BucketFile(self, name)


class BucketFile(File):
    """An object to read, and to move in, without fetching all of it."""

    def __init__(self, bucket: Bucket, name: str) -> None:
        self._ranges = (bucket.client, bucket.bucket_name, bucket.key_of(name), bucket.size(name))
        super().__init__(io.BufferedReader(_Ranges(*self._ranges), BUFFER), name)
        self.size = self._ranges[-1]

    def open(self, mode: str | None = None, *_more: Any, **_named: Any) -> "BucketFile":
        """From the beginning again, also once it was closed."""
        if self.closed:
            self.file = io.BufferedReader(_Ranges(*self._ranges), BUFFER)
        self.seek(0)
        return self


class _Ranges(io.RawIOBase):
    """The bytes of an object, by GETs of ranges."""

    def __init__(self, client: Any, bucket: str, key: str, size: int) -> None:
        self._client, self._object = client, {"Bucket": bucket, "Key": key}
        self._size = size
        self._at = 0
        self._body: Any = None
        self._left = 0  # of the body that is being read
        self._fetch = FIRST_FETCH

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"There is nothing at {base + offset}.")
        if base + offset != self._at:
            self._drop()
            self._fetch = FIRST_FETCH
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._at)
        if wanted <= 0:
            return 0
        block = self._read(wanted)
        buffer[: len(block)] = block
        self._at += len(block)
        return len(block)

    def close(self) -> None:
        self._drop()
        super().close()

    def _read(self, wanted: int) -> bytes:
        """Up to `wanted` bytes, at least one. A connection that breaks is made anew."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                if not self._left:
                    self._begin()
                block: bytes = self._body.read(min(wanted, self._left))
            except (HTTPClientError, IncompleteReadError):
                block = b""
                if attempt == ATTEMPTS:
                    raise
            if block:
                self._left -= len(block)
                return block
            self._drop()
        raise OSError("The store ends the file too early.")

    def _begin(self) -> None:
        stop = min(self._at + self._fetch, self._size)
        span = f"bytes={self._at}-{stop - 1}"
        self._body = self._client.get_object(**self._object, Range=span)["Body"]
        self._left = stop - self._at
        self._fetch = min(self._fetch * 4, LARGEST_FETCH)

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
        self._body, self._left = None, 0


@dataclass
class _Ahead:
    """What this process knows of one key; the store knows better."""

    key: str
    upload_id: str = ""
    wanted: int = 0  # parts
    sent: set[int] = field(default_factory=set)
    rests_until: float = 0.0  # by the monotonic clock
    lock: threading.Lock = field(default_factory=threading.Lock)


class DepositBucket(DepositStorage, Bucket):
    """Deposits in a bucket.

    A file on this disk goes as a multipart upload, part by part, as far as it has arrived. Which
    parts are there only the store knows: another process, or this one started again, goes on.
    """

    is_far = True
    read_errors = (OSError, BotoCoreError, ClientError)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._known: dict[str, _Ahead] = {}
        self._knowing = threading.Lock()

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: keys are ours alone, and saving the same file again is one file."""
        return name

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """One request for each, or for a thousand of all where many are asked for."""
        wanted = {self.key_of(name): name for name in names}
        if len(wanted) < MANY:
            return super().sizes(wanted.values())
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=self.key_of("")
        )
        return {
            wanted[found["Key"]]: found["Size"]
            for page in pages
            for found in page.get("Contents", ())
            if found["Key"] in wanted
        }

    def advance(self, name: str, path: Path, durable: int) -> None:
        """Send the parts that are complete. Two that do it at once are one."""
        ahead = self._ahead(name)
        ahead.wanted = max(ahead.wanted, durable // PART_BYTES)
        while len(ahead.sent) < ahead.wanted and ahead.rests_until < time.monotonic():
            if not ahead.lock.acquire(blocking=False):
                return  # whoever holds it looks again
            try:
                self._advance(ahead, path)
            except (BotoCoreError, ClientError, OSError) as error:
                # Nothing is lost: `save` sends what is not there.
                logger.warning("Sending %s ahead: %s", ahead.key, error)
                ahead.upload_id, ahead.rests_until = "", time.monotonic() + REST_SECONDS
            finally:
                ahead.lock.release()

    def forget(self, name: str) -> None:
        """Give up what was sent; what has been saved is not touched."""
        with self._knowing:
            self._known.pop(name, None)
        try:
            for upload_id in self._uploads(self.key_of(name)):
                self._call("abort_multipart_upload", self.key_of(name), UploadId=upload_id)
        except (BotoCoreError, ClientError) as error:
            logger.warning("Forgetting %s: %s", name, error)

    def _save(self, name: str, content: File) -> str:
        if not hasattr(content, "temporary_file_path"):
            return str(super()._save(name, content))
        path = Path(content.temporary_file_path())
        if path.stat().st_size < PART_BYTES:
            return str(super()._save(name, content))
        key = self.key_of(name)
        with self._ahead(name).lock:
            try:
                if self._is_there(key, path) or self._complete(key, path):
                    return name
            except (BotoCoreError, ClientError) as error:
                logger.warning("Completing %s, now sent whole: %s", key, error)
            super()._save(name, content)
        self.forget(name)
        return name

    def _advance(self, ahead: _Ahead, path: Path) -> None:
        if not ahead.upload_id:
            path.stat()  # a file that has been saved meanwhile needs no upload
            ahead.upload_id = self._begun(ahead.key)
            ahead.sent = {number for number, _etag in self._parts(ahead.key, ahead.upload_id)}
        for number in range(1, ahead.wanted + 1):
            if number not in ahead.sent:
                body = _part(path, number)
                if len(body) < PART_BYTES:
                    ahead.wanted = number - 1  # bytes were taken back
                    return
                self._send(ahead.key, ahead.upload_id, number, body)
                ahead.sent.add(number)

    def _complete(self, key: str, path: Path) -> bool:
        """Make one object of what was sent ahead and what is still missing; False if nothing was.

        Every part is compared with the file as it is now: bytes can have been taken back.
        """
        upload_id = next(iter(self._uploads(key)), "")
        if not upload_id:
            return False
        there = dict(self._parts(key, upload_id))
        parts = []
        for number, body in enumerate(_all_parts(path), start=1):
            etag = there.get(number, "")
            if etag.strip('"') != _md5(body).hexdigest():
                etag = self._send(key, upload_id, number, body)
            parts.append({"PartNumber": number, "ETag": etag})
        self._call(
            "complete_multipart_upload", key, UploadId=upload_id, MultipartUpload={"Parts": parts}
        )
        return bool(self._call("head_object", key)["ContentLength"] == path.stat().st_size)

    def _is_there(self, key: str, path: Path) -> bool:
        """Whether the object is this file already: the process died before it wrote so down."""
        try:
            head = self._call("head_object", key)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise
        if head["ContentLength"] != path.stat().st_size:
            return False
        digests = [_md5(body).digest() for body in _all_parts(path)]
        of_parts = f"{_md5(b''.join(digests)).hexdigest()}-{len(digests)}"
        return head["ETag"].strip('"') == of_parts

    def _begun(self, key: str) -> str:
        """The upload of this key that somebody began, or a new one."""
        for upload_id in self._uploads(key):
            return upload_id
        parameters = self._get_write_parameters(key)
        return str(self._call("create_multipart_upload", key, **parameters)["UploadId"])

    def _uploads(self, key: str) -> list[str]:
        pages = self.client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.bucket_name, Prefix=key
        )
        found = [u for page in pages for u in page.get("Uploads", ()) if u["Key"] == key]
        return [upload["UploadId"] for upload in sorted(found, key=lambda u: u["Initiated"])]

    def _parts(self, key: str, upload_id: str) -> Iterator[tuple[int, str]]:
        """Number and ETag of each part that is there."""
        pages = self.client.get_paginator("list_parts").paginate(
            Bucket=self.bucket_name, Key=key, UploadId=upload_id
        )
        for page in pages:
            for part in page.get("Parts", ()):
                yield part["PartNumber"], part["ETag"]

    def _send(self, key: str, upload_id: str, number: int, body: bytes) -> str:
        """Send one part; its ETag. The store refuses what was damaged on the way."""
        sent = self._call(
            "upload_part",
            key,
            UploadId=upload_id,
            PartNumber=number,
            Body=body,
            ContentMD5=base64.b64encode(_md5(body).digest()).decode(),
        )
        return str(sent["ETag"])

    def _call(self, verb: str, key: str, **more: Any) -> Any:
        return getattr(self.client, verb)(Bucket=self.bucket_name, Key=key, **more)

    def _ahead(self, name: str) -> _Ahead:
        with self._knowing:
            return self._known.setdefault(name, _Ahead(self.key_of(name)))


def _part(path: Path, number: int) -> bytes:
    with path.open("rb") as file:
        file.seek((number - 1) * PART_BYTES)
        return file.read(PART_BYTES)


def _all_parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while body := file.read(PART_BYTES):
            yield body


def _md5(body: bytes) -> Any:
    """What S3 calls a part's ETag; it guards against accidents, the SHA-256 against people."""
    return hashlib.md5(body, usedforsecurity=False)
