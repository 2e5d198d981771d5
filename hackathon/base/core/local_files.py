import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile

BLOCK = 1_000_000  # bytes


@contextmanager
def local_path(file: FieldFile) -> Iterator[str]:
    """For programs that need a path. What lies in a bucket is copied for the time of the block."""
    if isinstance(file.storage, FileSystemStorage):
        if not Path(file.path).exists():
            raise FileNotFoundError(file.path)
        yield file.path
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        with file.open("rb") as source:
            shutil.copyfileobj(source, copy, BLOCK)
        copy.flush()
        yield copy.name
