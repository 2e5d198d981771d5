import hashlib
from dataclasses import dataclass

from submissions.models import Submission, deposits_storage

CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Content:
    """`fault` is why the content could not be read: « missing » or the error of the storage."""

    size: int = 0
    sha256: str = ""
    fault: str = ""

    def matches(self, size: int, sha256: str) -> bool:
        return not self.fault and (self.size, self.sha256) == (size, sha256)


class ContentReader:
    """Reads each file from the storage once, and keeps its size and digest."""

    def __init__(self) -> None:
        self.bytes_read = 0
        self._read_before: dict[str, Content] = {}

    def read(self, submission: Submission) -> Content:
        if not submission.file.name:
            content = (submission.url or submission.text).encode()
            return Content(len(content), hashlib.sha256(content).hexdigest())
        name = submission.file.name
        if name not in self._read_before:
            self._read_before[name] = self._read_file(name)
        return self._read_before[name]

    def _read_file(self, name: str) -> Content:
        digest, size = hashlib.sha256(), 0
        storage = deposits_storage()
        try:
            with storage.open(name) as file:
                for chunk in file.chunks(CHUNK_BYTES):
                    digest.update(chunk)
                    size += len(chunk)
                    self.bytes_read += len(chunk)
        except FileNotFoundError:
            return Content(fault="missing")
        except storage.read_errors as error:
            return Content(fault=str(error))
        return Content(size, digest.hexdigest())
