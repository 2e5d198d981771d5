"""Files in an S3-compatible storage. Deposits are sent ahead, part by part, while they arrive."""

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

from boto3.exceptions import Boto3Error
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

from hackathon.base.core.failures import StorageUnavailable
from submissions.storage import DepositStorage

# Part n has always the same bytes of the file. S3 allows 10,000 parts: 80 GB.
PART_BYTES = 8 * 1024 * 1024
# Sequential reads fetch more and more with each request; after a seek the first one is small.
FIRST_FETCH = 1024 * 1024
LARGEST_FETCH = 64 * 1024 * 1024
BUFFER_BYTES = 256 * 1024
ATTEMPTS = 3
# After an error, nothing is sent ahead for so long.
PAUSE_SECONDS = 15.0
# For so many files, listing the bucket is faster than a request per file.
LIST_FROM = 50

logger = logging.getLogger(__name__)


class Bucket(S3Storage):
    def get_default_settings(self) -> dict[str, Any]:
        """Without the checksums of AWS, which other S3 services refuse."""
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
        """Thread-safe."""
        return self.bucket.meta.client

    def url(self, name: str, *_more: Any, **_named: Any) -> str:
        raise ValueError("This file is not accessible via a URL.")

    def key_of(self, name: str) -> str:
        return str(self._normalize_name(clean_name(name)))

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError("Files are written by save() only.")
        return BucketFile(self, name)


class BucketFile(File):
    def __init__(self, bucket: Bucket, name: str) -> None:
        key, size = bucket.key_of(name), bucket.size(name)
        self._reader_args = (bucket.client, bucket.bucket_name, key, size)
        super().__init__(io.BufferedReader(_RangeReader(*self._reader_args), BUFFER_BYTES), name)
        self.size = size

    def open(self, mode: str | None = None, *_more: Any, **_named: Any) -> "BucketFile":
        if self.closed:
            self.file = io.BufferedReader(_RangeReader(*self._reader_args), BUFFER_BYTES)
        self.seek(0)
        return self


class _RangeReader(io.RawIOBase):
    def __init__(self, client: Any, bucket: str, key: str, size: int) -> None:
        self._client, self._object = client, {"Bucket": bucket, "Key": key}
        self._size = size
        self._at = 0
        self._body: Any = None
        self._left = 0  # bytes of `_body`
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
            raise ValueError(f"Cannot seek to {base + offset}.")
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
        raise OSError("The storage sent less than the size of the file.")

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
    """What this process has sent of one key. Other processes may have sent other parts."""

    key: str
    upload_id: str = ""
    wanted: int = 0  # number of complete parts on disk
    sent: set[int] = field(default_factory=set)  # part numbers, from 1
    paused_until: float = 0.0  # by the monotonic clock
    lock: threading.Lock = field(default_factory=threading.Lock)


class DepositBucket(DepositStorage, Bucket):
    """A local file is sent as a multipart upload while it arrives. The storage is asked which parts
    it has, so that another process can continue.
    """

    is_remote = True
    read_errors = (OSError, BotoCoreError, ClientError)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._ahead_by_name: dict[str, _Ahead] = {}
        self._ahead_lock = threading.Lock()

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Saving the same key again must not make a second file."""
        return name

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        wanted = {self.key_of(name): name for name in names}
        if len(wanted) < LIST_FROM:
            return super().sizes(wanted.values())
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=self.key_of("")
        )
        return {
            wanted[listed["Key"]]: listed["Size"]
            for page in pages
            for listed in page.get("Contents", ())
            if listed["Key"] in wanted
        }

    def advance(self, name: str, path: Path, durable: int) -> None:
        """Send the complete parts. Concurrent calls for the same key send them once."""
        ahead = self._ahead(name)
        ahead.wanted = max(ahead.wanted, durable // PART_BYTES)
        while len(ahead.sent) < ahead.wanted and ahead.paused_until < time.monotonic():
            if not ahead.lock.acquire(blocking=False):
                return  # the thread with the lock continues until `wanted`
            try:
                self._advance(ahead, path)
            except (BotoCoreError, ClientError, OSError) as error:
                # Not fatal: `save` sends the parts that are missing.
                logger.warning("Sending %s ahead: %s", ahead.key, error)
                ahead.upload_id, ahead.paused_until = "", time.monotonic() + PAUSE_SECONDS
            finally:
                ahead.lock.release()

    def forget(self, name: str) -> None:
        with self._ahead_lock:
            self._ahead_by_name.pop(name, None)
        try:
            for upload_id in self._uploads(self.key_of(name)):
                self._call("abort_multipart_upload", self.key_of(name), UploadId=upload_id)
        except (BotoCoreError, ClientError) as error:
            logger.warning("Forgetting %s: %s", name, error)

    def _save(self, name: str, content: File) -> str:
        """Raises `StorageUnavailable`."""
        try:
            return self._saved(name, content)
        except (BotoCoreError, Boto3Error, ClientError) as error:
            raise StorageUnavailable(f"Saving {name}: {error}") from error

    def _saved(self, name: str, content: File) -> str:
        if not hasattr(content, "temporary_file_path"):
            return str(super()._save(name, content))
        path = Path(content.temporary_file_path())
        if path.stat().st_size < PART_BYTES:
            return str(super()._save(name, content))
        key = self.key_of(name)
        with self._ahead(name).lock:
            try:
                if self._is_saved(key, path) or self._complete(key, path):
                    return name
            except (BotoCoreError, ClientError) as error:
                logger.warning("Completing %s, now sent whole: %s", key, error)
            super()._save(name, content)
        self.forget(name)
        return name

    def _advance(self, ahead: _Ahead, path: Path) -> None:
        if not ahead.upload_id:
            path.stat()  # raises if the file has been saved and removed meanwhile
            ahead.upload_id = self._begin_upload(ahead.key)
            ahead.sent = {number for number, _etag in self._parts(ahead.key, ahead.upload_id)}
        for number in range(1, ahead.wanted + 1):
            if number not in ahead.sent:
                body = _part(path, number)
                if len(body) < PART_BYTES:
                    ahead.wanted = number - 1  # the file was truncated
                    return
                self._send(ahead.key, ahead.upload_id, number, body)
                ahead.sent.add(number)

    def _complete(self, key: str, path: Path) -> bool:
        """False if nothing was sent ahead. Every part is compared with the file, which may have
        been truncated after the part was sent.
        """
        upload_id = next(iter(self._uploads(key)), "")
        if not upload_id:
            return False
        etags = dict(self._parts(key, upload_id))
        parts = []
        for number, body in enumerate(_all_parts(path), start=1):
            etag = etags.get(number, "")
            if etag.strip('"') != _md5(body).hexdigest():
                etag = self._send(key, upload_id, number, body)
            parts.append({"PartNumber": number, "ETag": etag})
        self._call(
            "complete_multipart_upload", key, UploadId=upload_id, MultipartUpload={"Parts": parts}
        )
        return bool(self._call("head_object", key)["ContentLength"] == path.stat().st_size)

    def _is_saved(self, key: str, path: Path) -> bool:
        """Whether the object is this file, saved by a process that crashed before the row."""
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

    def _begin_upload(self, key: str) -> str:
        for upload_id in self._uploads(key):
            return upload_id
        parameters = self._get_write_parameters(key)
        return str(self._call("create_multipart_upload", key, **parameters)["UploadId"])

    def _uploads(self, key: str) -> list[str]:
        pages = self.client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.bucket_name, Prefix=key
        )
        uploads = [u for page in pages for u in page.get("Uploads", ()) if u["Key"] == key]
        return [upload["UploadId"] for upload in sorted(uploads, key=lambda u: u["Initiated"])]

    def _parts(self, key: str, upload_id: str) -> Iterator[tuple[int, str]]:
        """Number and ETag."""
        pages = self.client.get_paginator("list_parts").paginate(
            Bucket=self.bucket_name, Key=key, UploadId=upload_id
        )
        for page in pages:
            for part in page.get("Parts", ()):
                yield part["PartNumber"], part["ETag"]

    def _send(self, key: str, upload_id: str, number: int, body: bytes) -> str:
        """Returns the ETag. The storage checks the MD5."""
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
        with self._ahead_lock:
            return self._ahead_by_name.setdefault(name, _Ahead(self.key_of(name)))


def _part(path: Path, number: int) -> bytes:
    with path.open("rb") as file:
        file.seek((number - 1) * PART_BYTES)
        return file.read(PART_BYTES)


def _all_parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while body := file.read(PART_BYTES):
            yield body


def _md5(body: bytes) -> Any:
    """The ETag of a part. It detects accidents; the SHA-256 detects manipulation."""
    return hashlib.md5(body, usedforsecurity=False)
