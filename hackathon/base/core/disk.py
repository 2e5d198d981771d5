import shutil
from contextlib import suppress
from pathlib import Path

from django.conf import settings


def free(path: Path) -> int:
    """Bytes, with `DISK_QUOTA` as if the files of this site could take no more than that."""
    left = shutil.disk_usage(path).free
    if settings.DISK_QUOTA is None:
        return left
    return min(left, settings.DISK_RESERVE + settings.DISK_QUOTA - sum(map(_size, files())))


def files() -> list[Path]:
    """All that people have sent, in the data directory."""
    folders = (settings.DATA_DIR / name for name in settings.FILE_FOLDERS)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):  # deleted meanwhile
        return path.stat().st_size
    return 0
