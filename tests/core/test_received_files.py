"""A file through an ordinary form: streamed to the disk, hashed, durable before its instant."""

import hashlib
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadhandler import StopFutureHandlers
from django.test import RequestFactory

from hackathon.core.received_files import HashingUploadHandler, ReceivedFile, received_file
from tests.conftest import NOON


def remains() -> set[Path]:
    """What lies in the incoming directory."""
    return set(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())


def handler(name: str = "dossier.pdf") -> HashingUploadHandler:
    """A handler in the middle of a file."""
    made = HashingUploadHandler()
    with pytest.raises(StopFutureHandlers):
        made.new_file("file", name, "application/pdf", 0)
    return made


def test_form_gives_a_received_file() -> None:
    content = bytes(range(256)) * 20_000  # several chunks
    before = remains()
    file = received_file(content, "affiche.pdf")

    request = RequestFactory().post("/", {"file": file})
    with time_machine.travel(NOON, tick=False):
        got = request.FILES["file"]

    assert isinstance(got, ReceivedFile)
    assert (got.name, got.size) == ("affiche.pdf", len(content))
    assert got.sha256 == hashlib.sha256(content).hexdigest()
    assert got.received_at == NOON
    assert got.read() == content
    assert len(remains() - before) == 2
    request.close()
    file.close()
    assert remains() == before


def test_interrupted_upload_leaves_nothing() -> None:
    before = remains()
    cut = handler()
    cut.receive_data_chunk(b"%PDF-", 0)

    cut.upload_interrupted()

    assert remains() == before


def test_interrupted_before_the_first_file() -> None:
    HashingUploadHandler().upload_interrupted()


def test_empty_file() -> None:
    file = handler().file_complete(0)

    assert isinstance(file, ReceivedFile)
    assert (file.size, file.sha256) == (0, hashlib.sha256(b"").hexdigest())
    file.close()


def test_name_is_no_path() -> None:
    file = handler("../../etc/passwd").file_complete(0)

    assert file.name == "passwd"
    file.close()


def test_made_by_the_program() -> None:
    with time_machine.travel(NOON, tick=False):
        file = received_file(b"abc", "a.txt", "text/plain")

    assert (file.size, file.received_at, file.content_type) == (3, NOON, "text/plain")
    assert Path(file.temporary_file_path()).read_bytes() == b"abc"
    file.close()
