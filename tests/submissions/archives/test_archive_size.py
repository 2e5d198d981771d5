import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from submissions.archives.contents import BLOCK_BYTES, Entry
from submissions.archives.stream import _DatedZip, _ZipReader, archive_response
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Submission
from tests.conftest import NOON
from tests.submissions.conftest import PDF, deposit


def test_small_files_are_sent_in_large_blocks(edition):
    entries = [Entry(f"{n}.txt", NOON, 1000, b"x" * 1000) for n in range(2000)]
    zipped = _DatedZip(edition, entries)
    reader = _ZipReader(zipped)

    blocks = []
    while block := reader.read():
        blocks.append(len(block))

    assert sum(blocks) == len(zipped)
    assert min(blocks[:-1]) >= BLOCK_BYTES
    assert max(blocks) <= 2 * BLOCK_BYTES


@pytest.mark.system
@pytest.mark.slow
def test_beyond_four_gigabytes(edition, comunik, dossier, ada, tmp_path):
    submission = deposit(dossier, comunik, ada)
    large = 4_300_000_000
    path = Path(submission.file.path)
    path.chmod(0o600)
    with path.open("r+b") as file:
        file.truncate(large)
    Submission.objects.filter(pk=submission.pk).update(size=large)
    deposit(
        Deliverable.objects.create(
            department=dossier.department, name="Après", kind=DeliverableKind.FILE
        ),
        comunik,
        ada,
    )
    request = RequestFactory().get("/")
    response: Any = archive_response(request, edition, [comunik], at=NOON)

    packed = tmp_path / "all.zip"
    with packed.open("wb") as out:
        for block in response.streaming_content:
            out.write(block)

    assert packed.stat().st_size == int(response["Content-Length"])
    tested = subprocess.run(["unzip", "-tq", str(packed)], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    with zipfile.ZipFile(packed) as archive:
        sizes = {info.file_size for info in archive.infolist()}
        assert {large, len(PDF)} <= sizes
