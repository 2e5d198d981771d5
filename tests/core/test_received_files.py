import hashlib
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadhandler import StopFutureHandlers
from django.test import RequestFactory

from hackathon.base.core.received_files import HashingUploadHandler, ReceivedFile, received_file
from tests.conftest import NOON


def incoming() -> set[Path]:
    return set(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir())


def handler(name: str = "dossier.pdf") -> HashingUploadHandler:
    made = HashingUploadHandler()
    with pytest.raises(StopFutureHandlers):
        made.new_file("file", name, "application/pdf", 0)
    return made


def test_a_form_returns_a_received_file():
    content = bytes(range(256)) * 20_000  # several chunks
    before = incoming()
    file = received_file(content, "affiche.pdf")

    request = RequestFactory().post("/", {"file": file})
    with time_machine.travel(NOON, tick=False):
        got = request.FILES["file"]

    assert isinstance(got, ReceivedFile)
    assert (got.name, got.size) == ("affiche.pdf", len(content))
    assert got.sha256 == hashlib.sha256(content).hexdigest()
    assert got.received_at == NOON
    assert got.read() == content
    assert len(incoming() - before) == 2
    request.close()
    file.close()
    assert incoming() == before


def test_an_interrupted_upload_leaves_nothing():
    before = incoming()
    cut = handler()
    cut.receive_data_chunk(b"%PDF-", 0)

    cut.upload_interrupted()

    assert incoming() == before


def test_an_upload_that_is_interrupted_before_its_first_file():
    HashingUploadHandler().upload_interrupted()


def test_empty_file():
    file = handler().file_complete(0)

    assert isinstance(file, ReceivedFile)
    assert (file.size, file.sha256) == (0, hashlib.sha256(b"").hexdigest())
    file.close()


def test_a_file_name_is_not_a_path():
    file = handler("../../etc/passwd").file_complete(0)

    assert file.name == "passwd"
    file.close()


def test_a_file_made_by_the_program():
    with time_machine.travel(NOON, tick=False):
        file = received_file(b"abc", "a.txt", "text/plain")

    assert (file.size, file.received_at, file.content_type) == (3, NOON, "text/plain")
    assert Path(file.temporary_file_path()).read_bytes() == b"abc"
    file.close()
