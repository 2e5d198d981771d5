"""Clients of other authors, over a network that breaks every connection."""

import hashlib
import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from submissions.models import Deliverable, Submission
from tests.submissions.tus.proxy import Proxy, bad_network
from tests.submissions.tus.wire import content
from tests.tokens import make_token

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("comunik", "tonight"),
]

CUTS = [pytest.param(120, 1), *(pytest.param(1000, n, marks=pytest.mark.slow) for n in (2, 3))]


@pytest.fixture
def network(server, cuts, seed) -> Iterator[Proxy]:
    with bad_network(urlsplit(server).port or 0, seed=seed, cuts=cuts) as proxy:
        yield proxy


class SentFiles:
    # Different files to send; `sent` is what must have arrived.

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.sent: list[str] = []

    def file(self, size: int) -> Path:
        number = len(self.sent)
        path = self._directory / f"dossier-{number}.pdf"
        path.write_bytes(content(size + number, seed=number))
        self.sent.append(hashlib.sha256(path.read_bytes()).hexdigest())
        return path


@pytest.fixture
def sent_files(tmp_path) -> SentFiles:
    return SentFiles(tmp_path)


def assert_all_arrived(sent_files: SentFiles) -> None:
    submissions = Submission.objects.select_related("receipt")
    kept = [hashlib.sha256(Path(s.file.path).read_bytes()).hexdigest() for s in submissions]
    assert sorted(kept) == sorted(sent_files.sent)
    assert [s.sha256 for s in submissions] == kept
    assert all(s.receipt.code for s in submissions)


@pytest.fixture
def dossiers(dossier) -> Iterator[Deliverable]:
    # In turn: a thousand cuts need more versions than one deliverable may have.
    found = [dossier]
    for number in range(1, 4):
        other = Deliverable.objects.get(pk=dossier.pk)
        other.pk, other.name, other.position = None, f"Annexe {number}", 50 + number
        other.save(force_insert=True)
        found.append(other)
    return itertools.cycle(found)


@pytest.mark.parametrize(("cuts", "seed"), CUTS)
def test_tuspy(network, sent_files, dossiers, ada, cuts):
    from tests.submissions.tus.tuspy import by_tuspy  # a slow import

    url, token = f"http://127.0.0.1:{network.port}/uploads/", make_token(ada)

    with ThreadPoolExecutor(4) as pool:
        while network.broken.total() < cuts:
            round_ = [
                pool.submit(by_tuspy, url, token, next(dossiers), sent_files.file(size), chunk)
                for size, chunk in [(900_000, 10**9), (900_000, 200_000), (400_000, 50_000)]
            ]
            for sending in round_:
                sending.result()

    assert network.broken.total() == cuts
    assert {"cut", "unanswered", "late"} <= set(network.broken)
    assert_all_arrived(sent_files)


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not installed")
@pytest.mark.parametrize(("cuts", "seed"), CUTS)
def test_tus_js_client(network, sent_files, dossiers, ada, cuts):
    token = make_token(ada)
    while network.broken.total() < cuts:
        job = {
            "endpoint": f"http://127.0.0.1:{network.port}/uploads/",
            "token": token,
            "deliverable": next(dossiers).pk,
            "files": [
                {"path": str(sent_files.file(1_200_000))},
                {"path": str(sent_files.file(900_000)), "chunkSize": 200_000},
                {"path": str(sent_files.file(1_200_000)), "chunkSize": 400_000},
                {"path": str(sent_files.file(1_200_000)), "chunkSize": 300_000},
                {"path": str(sent_files.file(600_000)), "chunkSize": 100_000},
            ],
        }
        script = Path(__file__).with_name("client.mjs")
        run = subprocess.run(
            ["node", script],
            input=json.dumps(job),
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        results = [json.loads(line) for line in run.stdout.splitlines()]
        assert not [result for result in results if "error" in result], run.stdout
        assert all(result["receipt"] for result in results)

    assert network.broken.total() == cuts
    assert {"cut", "unanswered", "late"} <= set(network.broken)
    assert_all_arrived(sent_files)
