import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.base import ContentFile

from submissions.storage import DepositDirectory

NAME = "ab/abcdef"
OTHER_DISK = Path("/dev/shm")  # noqa: S108 - on Linux


@pytest.fixture
def deposits(tmp_path) -> DepositDirectory:
    return DepositDirectory(location=tmp_path / "deposits", file_permissions_mode=0o400)


@pytest.fixture
def elsewhere(tmp_path) -> Iterator[Path]:
    if not OTHER_DISK.is_dir() or OTHER_DISK.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("There is no second file system (/dev/shm).")
    with tempfile.TemporaryDirectory(dir=OTHER_DISK) as directory:
        yield Path(directory)


def whole(path: Path, content: bytes = b"whole") -> File:
    path.write_bytes(content)
    file = File(path.open("rb"))
    file.temporary_file_path = lambda: str(path)
    return file


def test_a_file_on_the_same_disk_is_linked(deposits, tmp_path):
    with whole(tmp_path / "part") as file:
        assert deposits.save(NAME, file) == NAME
        assert deposits.save(NAME, file) == NAME  # again, after a crash

    kept = Path(deposits.path(NAME))
    assert kept.samefile(tmp_path / "part")
    assert kept.stat().st_mode & 0o777 == 0o400


def test_a_file_on_another_disk_is_copied(deposits, elsewhere):
    with whole(elsewhere / "part") as file:
        deposits.save(NAME, file)
        deposits.save(NAME, file)  # again, after a crash

    kept = Path(deposits.path(NAME))
    assert kept.read_bytes() == b"whole"
    assert [path.name for path in kept.parent.iterdir()] == ["abcdef"]


def test_a_copy_that_was_made_before_a_crash_is_kept(deposits, tmp_path):
    """On a file system without hard links: it is another file of the same disk."""
    copy = Path(deposits.path(NAME))
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"whole")

    with whole(tmp_path / "part") as file:
        deposits.save(NAME, file)

    assert copy.read_bytes() == b"whole"


def test_a_key_is_never_overwritten_with_other_bytes(deposits, tmp_path):
    with whole(tmp_path / "first") as first:
        deposits.save(NAME, first)

    with whole(tmp_path / "second", b"other") as second, pytest.raises(FileExistsError):
        deposits.save(NAME, second)

    assert Path(deposits.path(NAME)).read_bytes() == b"whole"


def test_sizes_of_existing_files(deposits):
    deposits.save(NAME, ContentFile(b"whole"))

    assert deposits.sizes([NAME, "ab/none"]) == {NAME: 5}
