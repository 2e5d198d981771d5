import asyncio
import hashlib
import os
import resource
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
from django.conf import settings as site_settings
from django.db import OperationalError

from hackathon.base.core.models import LiveMessage
from submissions.models import Submission
from submissions.transfers.partial import wanted_path
from submissions.tus import body
from tests.submissions.tus import servers
from tests.submissions.tus.wire import BODY, Tus, Wire, content
from tests.tokens import make_token
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

FILE = content(4_000_000)


def patching(tus: Tus, url: str, offset: int = 0, length: int = len(FILE)) -> Any:
    headers = {"content_type": BODY, "content_length": str(length), "upload_offset": str(offset)}
    return tus.wire("PATCH", url, **headers)


def received(url: str) -> int:
    return (site_settings.UPLOADS_DIR / url.rsplit("/", 1)[1]).stat().st_size


@pytest.mark.parametrize("sent", [1, 40_000, 65_536, 300_000, 1_234_567, 3_999_999])
def test_every_byte_is_kept_when_the_connection_closes(tus, dossier, sent):
    url = tus.begun(dossier, len(FILE))

    with patching(tus, url) as wire:
        wire.send(FILE[:sent])
    offset = tus.offset(url)
    rest = tus.patch(url, offset, FILE[offset:])

    assert offset == sent
    assert rest.status_code == 204
    assert Submission.objects.get().sha256 == hashlib.sha256(FILE).hexdigest()


def test_head_after_a_broken_connection_waits_for_its_last_bytes(tus, dossier):
    # Everything was sent, and the connection broke before the answer.
    for attempt in range(8):
        url = tus.begun(dossier, len(FILE))
        with patching(tus, url) as wire:
            wire.send(FILE)
            wire.hang_up()
            answer = tus.head(url)

        assert answer.headers["Upload-Offset"] == str(len(FILE)), attempt
        assert answer.headers["Submission-Id"]

    assert Submission.objects.count() == 8


def test_a_reset_loses_only_bytes_in_transit(tus, dossier):
    url = tus.begun(dossier, len(FILE))

    with patching(tus, url) as wire:
        wire.send(FILE[:2_000_000])
        wait_until(lambda: received(url) > 0)
        wire.vanish()
    offset = tus.offset(url)
    answer = tus.patch(url, offset, FILE[offset:])

    assert 0 < offset <= 2_000_000
    assert answer.status_code == 204
    assert Submission.objects.get().sha256 == hashlib.sha256(FILE).hexdigest()


def test_bytes_are_on_the_disk_before_the_request_ends(tus, dossier):
    url = tus.begun(dossier, len(FILE))

    with patching(tus, url) as wire:
        wire.send(FILE[:2_000_000])

        wait_until(lambda: received(url) >= 1_400_000)


@pytest.fixture
def _silence_alone_ends_nothing(monkeypatch) -> None:
    monkeypatch.setattr(body, "SILENCE_SECONDS", 3600)


@pytest.mark.usefixtures("_silence_alone_ends_nothing")
def test_head_takes_the_lock_from_a_silent_connection(tus, dossier):
    # A laptop changed its network: the old connection stays open, and is never closed.
    url = tus.begun(dossier, len(FILE))

    with patching(tus, url) as wire:
        wire.send(FILE[:1_500_000])
        offset = tus.offset(url)
        answer = tus.patch(url, offset, FILE[offset:])
        old = wire.answer()

    assert offset == 1_500_000
    assert answer.status_code == 204
    assert old.status == 408
    assert Submission.objects.get().sha256 == hashlib.sha256(FILE).hexdigest()


def test_head_waits_for_a_client_that_still_sends(tus, dossier, ben, tus_of, monkeypatch):
    monkeypatch.setattr(body, "SILENCE_IF_WANTED_SECONDS", 90)
    url = tus.begun(dossier, 100_000)
    mate = tus_of(ben)
    marker = wanted_path(UUID(url.rsplit("/", 1)[1]))

    with patching(tus, url, length=100_000) as wire, ThreadPoolExecutor(1) as pool:
        wire.send(FILE[:20_000])
        looking = pool.submit(mate.offset, url)
        wait_until(marker.exists)
        for start in range(20_000, 100_000, 20_000):
            assert not looking.done()
            wire.send(content(100_000)[start : start + 20_000])
        answer = wire.answer()

        assert answer.status == 204
        assert looking.result() == 100_000


@pytest.mark.asyncio
async def test_only_silence_ends_a_request(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock[0])
    monkeypatch.setattr(body, "is_wanted", lambda path: True)
    timeout = Mock(expired=Mock(return_value=False))
    watch = body._Watch(Mock(id=uuid4()), timeout)

    for _ in range(20):  # 16 s: slow, but not silent
        clock[0] += 0.8
        watch.check()
        watch.reset()
    clock[0] += 5  # the process itself was busy
    watch.check()
    watch.reset()
    assert not timeout.reschedule.called
    for _ in range(5):
        clock[0] += body.WATCH_SECONDS
        watch.check()
    assert not timeout.reschedule.called
    clock[0] += body.WATCH_SECONDS
    watch.check()

    assert timeout.reschedule.called


@pytest.mark.asyncio
@pytest.mark.parametrize("is_old", [True, False])
async def test_an_old_marker_of_a_killed_process_is_ignored(monkeypatch, is_old):
    seconds = [0.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: seconds[0])
    partial = Mock(id=uuid4())
    marker = wanted_path(partial.id)
    marker.touch()
    if is_old:
        os.utime(marker, (1, 1))
    timeout = Mock(expired=Mock(return_value=False))
    watch = body._Watch(partial, timeout)

    seconds[0] += body.SILENCE_IF_WANTED_SECONDS + 1
    for _ in range(2):
        watch.check()
    marker.unlink()

    assert timeout.reschedule.called is not is_old


def test_of_two_concurrent_patches_one_succeeds(tus, dossier, ben, tus_of):
    url = tus.begun(dossier, len(FILE))
    other = content(len(FILE), seed=1)
    mate = tus_of(ben)

    with patching(tus, url) as wire:
        wire.send(FILE[:1_000_000])
        wait_until(lambda: received(url) > 0)
        loser = mate.patch(url, 0, other)
        wire.send(FILE[1_000_000:])
        winner = wire.answer()

    assert (winner.status, loser.status_code) == (204, 423)
    assert loser.json()["code"] == "locked"
    assert Submission.objects.get().sha256 == hashlib.sha256(FILE).hexdigest()


@pytest.mark.database
def test_of_sixteen_concurrent_patches_one_succeeds(tus, dossier, ada, tus_of):
    files = [content(300_000, seed) for seed in range(16)]
    url = tus.begun(dossier, 300_000)
    programs = [tus_of(ada) for _ in files]
    barrier = threading.Barrier(len(files), timeout=PATIENCE)

    def send(number: int) -> int:
        barrier.wait()
        return programs[number].patch(url, 0, files[number]).status_code

    with ThreadPoolExecutor(len(files)) as pool:
        statuses = list(pool.map(send, range(len(files))))

    submission = Submission.objects.get()
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 409, 423}
    assert submission.sha256 == hashlib.sha256(files[statuses.index(204)]).hexdigest()


@pytest.mark.usefixtures("_silence_alone_ends_nothing")
def test_two_processes_are_one_server(tus, dossier, ada):
    # Locks, timeouts and digests work across the workers of one machine.
    chunk = len(FILE) // 4
    url = tus.begun(dossier, len(FILE))

    with servers.process(servers.forks()) as server, Tus(server.url, make_token(ada)) as other:
        with patching(tus, url) as wire:
            wire.send(FILE[:chunk])
            wait_until(lambda: received(url) > 0)
            busy = other.patch(url, 0, FILE)
            offset = other.offset(url)  # ends the silent transfer of the first process
        for number, program in enumerate([other, tus, other], start=1):
            start = number * chunk
            answer = program.patch(url, start, FILE[start : start + chunk])
            assert answer.status_code == 204

    assert busy.status_code == 423
    assert offset == chunk
    assert Submission.objects.get().sha256 == hashlib.sha256(FILE).hexdigest()


def test_a_stopping_server_keeps_what_arrived(tonight, comunik, dossier, ada):
    with servers.process(servers.forks()) as server, Tus(server.url, make_token(ada)) as tus:
        url = tus.begun(dossier, len(FILE))
        with patching(tus, url) as wire:
            wire.send(FILE[:2_500_000])
            wait_until(lambda: received(url) >= 2_000_000)
            server.stop()
        server.start()
        offset = tus.offset(url)
        answer = tus.patch(url, offset, FILE[offset:])

    assert offset == 2_500_000
    assert answer.status_code == 204
    assert Submission.objects.get().sha256 == hashlib.sha256(FILE).hexdigest()


def test_a_full_disk_is_507_and_what_arrived_is_kept(tonight, comunik, dossier, ada):
    # A limit of the file size (RLIMIT_FSIZE) has the effect of a full disk.
    limit = 1_500_000
    server = servers.Process(forks=servers.forks())
    server.start()
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        with Tus(server.url, make_token(ada)) as tus:
            url = tus.begun(dossier, len(FILE))
            refused = tus.patch(url, 0, FILE)
            again = tus.patch(url, tus.offset(url), b"x")
            kept = tus.offset(url)
            server.stop()
            server.start()  # without the limit
            answer = tus.patch(url, kept, FILE[kept:])
    finally:
        server.stop()

    assert refused.status_code == again.status_code == 507
    assert refused.json()["code"] == "storage_full"
    assert kept == limit
    assert answer.status_code == 204
    assert Submission.objects.get().sha256 == hashlib.sha256(FILE).hexdigest()


def test_without_disk_space_no_upload_begins_and_organizers_are_warned(tus, dossier, settings):
    settings.DISK_RESERVE = 10**15

    answers = [tus.begin(dossier, 100), tus.begin(dossier, 100)]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(507, "storage_full")] * 2
    (message,) = LiveMessage.objects.filter(type="storage.filled")  # one message for all uploads
    assert message.audience_names == ("organizers",)
    assert message.data["free_bytes"] > 0


@pytest.mark.database
def test_an_unreachable_database_is_503(tus, dossier, ben, tus_of, monkeypatch):
    def unreachable(*_: Any, **__: Any) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    url = tus.begun(dossier, 100)
    mate = tus_of(ben)
    monkeypatch.setattr("submissions.transfers.selectors.get_upload_for", unreachable)

    answer = mate.patch(url, 0, content(100))

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    monkeypatch.undo()
    assert mate.patch(url, 0, content(100)).status_code == 204


def test_invalid_http_does_no_harm(server, tus, dossier):
    host, port = server.removeprefix("http://").split(":")

    for noise in (b"\0" * 100, b"PATCH /uploads/ HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"\r\n"):
        wire = Wire(host, int(port))
        wire.send(noise)
        wire.socket.shutdown(socket.SHUT_WR)
        wire.socket.close()

    assert tus.begin(dossier, 100).status_code == 201
