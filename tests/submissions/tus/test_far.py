import contextlib
import hashlib
from collections.abc import Iterator

import httpx
import pytest

from hackathon.base.core import clock
from submissions.models import Deliverable, Submission
from tests.fork_server import ForkServer
from tests.submissions.s3 import Store
from tests.submissions.tus import servers
from tests.submissions.tus.wire import BODY, Tus, content
from tests.tokens import make_token
from tests.waiting import wait_until

pytestmark = [pytest.mark.django_db(transaction=True)]

MB = 1_000_000
FILE = content(30 * MB)


@pytest.fixture(scope="module")
def store(s3_server) -> Store:
    return Store(s3_server)


@pytest.fixture(scope="module")
def forks(store, django_db_setup) -> Iterator[ForkServer]:
    with contextlib.closing(ForkServer(servers.environment(**store.environment))) as forks:
        yield forks


def test_parts_are_sent_ahead_and_a_killed_process_loses_none(
    tonight, comunik, dossier, ada, store, forks
):
    Deliverable.objects.update(max_bytes=100 * MB)
    with servers.process(forks) as process, Tus(process.url, make_token(ada)) as tus:
        url = tus.begun(dossier, len(FILE))
        headers = {"content_type": BODY, "content_length": str(len(FILE)), "upload_offset": "0"}
        with tus.wire("PATCH", url, **headers) as wire:
            wire.send(FILE[: 18 * MB])
            wait_until(lambda: store.parts() == {1, 2})  # during the PATCH
            process.kill()
        process.start()
        offset = tus.offset(url)
        answer = tus.patch(url, offset, FILE[offset:])

        assert answer.status_code == 204, answer.text
        submission = Submission.objects.get()
        assert submission.sha256 == hashlib.sha256(FILE).hexdigest()
        assert store.content(submission.file.name or "") == FILE
        assert store.uploads() == []
        given_back = httpx.get(
            f"{process.url}/api/v1/submissions/{submission.pk}/content/",
            headers={"Authorization": f"Token {tus.token}"},
            trust_env=False,
            timeout=60,
        )
        assert given_back.content == FILE


def test_parts_are_sent_between_chunks_and_deleted_with_the_upload(
    tonight, comunik, dossier, ada, store, forks
):
    Deliverable.objects.update(max_bytes=100 * MB)
    with servers.process(forks) as process, Tus(process.url, make_token(ada)) as tus:
        url = tus.begun(dossier, len(FILE))
        for offset in range(0, 20 * MB, 4 * MB):
            assert tus.patch(url, offset, FILE[offset : offset + 4 * MB]).status_code == 204
        wait_until(lambda: store.parts() == {1, 2})

        assert tus.delete(url).status_code == 204

        assert store.uploads() == []
        store.remove()
        url = tus.begun(dossier, 1000)
        away = [tus.patch(url, 0, FILE[:1000]), tus.head(url)]
        store.make()
        back = tus.head(url)

    assert [answer.status_code for answer in away] == [503, 503]
    assert all(answer.headers["Retry-After"] for answer in away)
    assert away[0].json()["code"] == "unavailable"
    submission = Submission.objects.get()
    assert back.headers["Submission-Id"] == str(submission.pk)
    assert submission.upload.whole_at == submission.received_at < clock.now()
