"""The bytes that were received, read again from where they are kept."""

import hashlib
from dataclasses import dataclass

from submissions.models import Submission, deposits_storage

CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Content:
    """What was found: size and digest, or why there is nothing to read."""

    size: int = 0
    sha256: str = ""
    fault: str = ""

    def is_that_of(self, size: int, sha256: str) -> bool:
        """Whether these are the bytes that this size and digest speak of."""
        return not self.fault and (self.size, self.sha256) == (size, sha256)


class Contents:
    """Reads each file once, through the storage, however many seals it is in."""

    def __init__(self) -> None:
        self.bytes_read = 0
        self._found: dict[str, Content] = {}

    def of(self, submission: Submission) -> Content:
        """The content of a submission: the stored file, or a link's or a text's own bytes."""
        if not submission.file.name:
            words = (submission.url or submission.text).encode()
            return Content(len(words), hashlib.sha256(words).hexdigest())
        name = submission.file.name
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def _read(self, name: str) -> Content:
        digest, size = hashlib.sha256(), 0
        storage = deposits_storage()
        try:
            with storage.open(name) as file:
                for chunk in file.chunks(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    self.bytes_read += len(chunk)
        except FileNotFoundError:
            return Content(fault="missing")
        except storage.read_errors as error:
            return Content(fault=str(error))
        return Content(size, digest.hexdigest())
