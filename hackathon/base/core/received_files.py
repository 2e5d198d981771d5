import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

from hackathon.base.core import clock


class ReceivedFile(TemporaryUploadedFile):
    sha256: str
    received_at: datetime  # when the last byte was on the disk
    seed: uuid.UUID | None = None  # of the storage key; None: a random key

    def __init__(self, name: str, *arguments: Any) -> None:
        # Without the uploaded name: a long extension could exceed the limit of the file system.
        super().__init__("fichier", *arguments)
        self.name = clean_filename(name) or "fichier"


class HashingUploadHandler(FileUploadHandler):
    """`received_at` is read after the file is synced: it is the instant that counts."""

    chunk_size = 1024 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = ReceivedFile(
            self.file_name or "", self.content_type, 0, self.charset, self.content_type_extra
        )
        self.digest = hashlib.sha256()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        with self._room():
            self.file.write(raw_data)
        self.digest.update(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        with self._room():
            self.file.flush()
            os.fsync(self.file.fileno())
        self.file.seek(0)
        self.file.size = file_size
        self.file.sha256 = self.digest.hexdigest()
        self.file.received_at = clock.now()
        return self.file

    @contextmanager
    def _room(self) -> Iterator[None]:
        """On a full disk the part that was written is removed at once."""
        try:
            yield
        except OSError:
            self.upload_interrupted()
            raise

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            with suppress(OSError):  # what is buffered does not fit either
                self.file.close()


def received_file(
    content: bytes, name: str, content_type: str = "application/octet-stream"
) -> ReceivedFile:
    """A file made by the program, as if it were uploaded now."""
    file = ReceivedFile(name, content_type, len(content), None)
    file.write(content)
    file.flush()
    os.fsync(file.fileno())
    file.seek(0)
    file.sha256 = hashlib.sha256(content).hexdigest()
    file.received_at = clock.now()
    return file


def clean_filename(name: str, *, max_chars: int = 255) -> str:
    """For showing only: files are stored under other keys."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if c.isprintable()).strip()
    if shown in ("", ".", ".."):
        return ""
    stem, dot, extension = shown.rpartition(".")
    if len(shown) <= max_chars or not dot or len(extension) > 20:
        return shown[:max_chars]
    return stem[: max_chars - len(extension) - 1] + dot + extension
