"""Two hosts for uploads, each with partial files of its own, behind nginx."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from submissions.models import Deliverable, Submission, Upload
from tests import services
from tests.operations import nginx
from tests.submissions.tus.servers import Process
from tests.submissions.tus.wire import Tus, content, metadata
from tests.tokens import make_token
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

HALF, SIZE, COUNT = 40_000, 100_000, 10


class Transfer:
    """One file, as our page sends it: what is lost begins again, with the same key."""

    def __init__(self, tus: Tus, deliverable: Deliverable, number: int) -> None:
        self.content = content(SIZE, seed=number)
        self._tus, self._deliverable, self._key = tus, deliverable, f"key-{number}"
        self.url = self.begin()

    def begin(self) -> str:
        named = metadata(
            deliverable=str(self._deliverable.pk), filename="dossier.pdf", key=self._key
        )
        answer = self._answered(
            lambda: self._tus.post(upload_length=str(SIZE), upload_metadata=named)
        )
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def send(self, start: int, stop: int) -> httpx.Response:
        return self._tus.patch(self.url, start, self.content[start:stop])

    def _answered(self, request: Callable[[], httpx.Response]) -> httpx.Response:
        """503: the host is away."""
        answers: list[httpx.Response] = []

        def is_answered() -> bool:
            answers.append(request())
            return answers[-1].status_code != 503

        wait_until(is_answered, lambda: answers[-1].text)
        return answers[-1]

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[1]


def two_hosts(ports: list[int], front: dict[str, int], tmp_path: Path) -> str:
    """The shipped configuration with a second line, as docs/operations/scaling.md has it."""
    text = nginx.on_other_ports(tmp_path / "srv" / "static", **front)
    line = f"server 127.0.0.1:{front['p8002']} max_fails=0;"
    assert line in text
    lines = [f"server 127.0.0.1:{port} max_fails=0;" for port in ports]
    return text.replace(line, "\n".join(lines))


def test_an_upload_waits_for_its_host_and_begins_again_on_the_other_if_that_one_dies(
    tonight, comunik, dossier, ada, store, tmp_path
):
    if services.nginx_bin() is None:
        pytest.skip("nginx is not installed")
    hosts: dict[str, Process] = {}
    for name in ("a", "b"):
        data = str(tmp_path / name)
        hosts[name] = Process(
            CCD_DATA_DIR=data, CCD_SECRET_KEY=settings.SECRET_KEY, **store.environment
        )
        hosts[name].start()
    front = nginx.free_ports("p80", "p443", "p8000", "p8010", "p8001", "p8002")
    text = two_hosts([host.port for host in hosts.values()], front, tmp_path)

    def partials(name: str) -> set[str]:
        return {path.name for path in (tmp_path / name / "uploads").iterdir()}

    try:
        with nginx.running(tmp_path / "nginx", text, front["p443"]) as url, nginx.client() as http:
            tus = Tus(url, make_token(ada))
            headers = dict(tus.http.headers)
            tus.http.close()
            tus.http = http
            http.headers.update(headers)
            http.base_url = httpx.URL(url)
            transfers = [Transfer(tus, dossier, number) for number in range(COUNT)]
            while not (partials("a") and partials("b")):  # once in 500 runs
                transfers.append(Transfer(tus, dossier, len(transfers)))
            sent = [transfer.send(0, HALF).status_code for transfer in transfers]
            kept = [tus.head(transfer.url).headers["Upload-Offset"] for transfer in transfers]
            on_a, on_b = partials("a"), partials("b")
            hosts["a"].kill()
            of_a = [transfer for transfer in transfers if transfer.name in on_a]
            away = [http.head(transfer.url) for transfer in of_a for _ in range(5)]
            hosts["a"].start()  # as after a restart: nothing has begun again
            back = [tus.head(transfer.url).headers["Upload-Offset"] for transfer in of_a]
            hosts["a"].kill()  # and now for good
            for transfer in of_a:
                transfer.url = transfer.begin()
            ends = [
                transfer.send(0 if transfer in of_a else HALF, SIZE).headers.get("Receipt-Code")
                for transfer in transfers
            ]
    finally:
        for host in hosts.values():
            if host.runs:
                host.stop()

    assert set(sent) == {204}
    assert set(kept) == {str(HALF)}
    assert not on_a & on_b
    assert len(on_a) + len(on_b) == len(transfers)
    assert {(a.status_code, a.headers["Upload-Host"]) for a in away} == {(503, "away")}
    assert set(back) == {str(HALF)}
    assert all(ends)
    wanted = {hashlib.sha256(transfer.content).hexdigest() for transfer in transfers}
    assert {submission.sha256 for submission in Submission.objects.all()} == wanted
    assert Upload.objects.count() == len(transfers)  # the lost ones are forgotten
    for submission in Submission.objects.all():
        stored = store.content(submission.file.name or "")
        assert hashlib.sha256(stored).hexdigest() == submission.sha256
