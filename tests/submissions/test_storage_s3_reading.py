import contextlib
import io
import socket
import threading
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile

from submissions.storage_s3 import FIRST_FETCH, PART_BYTES, DepositBucket
from tests.submissions.s3 import KEY, MB, NAME, requests, whole

pytestmark = pytest.mark.system


@pytest.fixture
def stored(bucket, partial) -> bytes:
    with whole(partial) as file:
        bucket.save(NAME, file)
    return partial.read_bytes()


def test_file_is_read_exactly(bucket, stored):
    with bucket.open(NAME) as file:
        assert file.size == len(stored)
        assert b"".join(file.chunks(1_000_003)) == stored


def test_file_is_seekable(bucket, stored):
    with bucket.open(NAME) as file:
        for at, size in [(29 * MB, 100), (5, 10), (PART_BYTES - 3, 6), (0, 1), (12 * MB, 3 * MB)]:
            file.seek(at)
            assert file.tell() == at
            assert file.read(size) == stored[at : at + size]
        file.seek(-10, io.SEEK_END)
        assert file.read() == stored[-10:]
        assert file.read() == b""
        file.seek(40 * MB)
        assert file.read(1) == b""


def test_reading_the_end_fetches_little(bucket, stored):
    spans: list[str] = []
    bucket.client.meta.events.register(
        "before-call.s3.GetObject",
        lambda params, **_more: spans.append(params["headers"]["Range"]),
    )
    with bucket.open(NAME) as file:
        file.seek(len(stored) - 100)
        file.read(10)
        file.seek(0)
        file.read(10)

    assert spans == [
        f"bytes={len(stored) - 100}-{len(stored) - 1}",
        f"bytes=0-{FIRST_FETCH - 1}",
    ]


def test_sequential_reading_takes_few_requests(bucket, stored):
    asked = requests(bucket)

    with bucket.open(NAME) as file:
        while file.read(256 * 1024):
            pass

    assert asked.count("GetObject") == 4  # 1, 4, 16 MiB, the rest


@contextlib.contextmanager
def breaking(target: int, *, after: int) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))

    def carry(near: socket.socket) -> None:
        far = socket.create_connection(("127.0.0.1", target))
        threading.Thread(target=ask, args=(near, far), daemon=True).start()
        left = after
        while left > 0 and (data := far.recv(min(left, 65_536))):
            near.sendall(data)
            left -= len(data)
        for end in (near, far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def ask(near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := near.recv(65_536):
                far.sendall(data)

    def listen() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _address = listener.accept()
                threading.Thread(target=carry, args=(near,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def test_reading_survives_broken_connections(bucket, store, stored):
    with breaking(int(store.options["endpoint_url"].rpartition(":")[2]), after=5 * MB) as port:
        other = DepositBucket(**{**store.options, "endpoint_url": f"http://127.0.0.1:{port}"})
        with other.open(NAME) as file:
            read = b"".join(file.chunks(256 * 1024))

    assert read == stored


def test_a_closed_file_can_be_reopened(bucket, stored):
    file = bucket.open(NAME)
    file.close()

    with file.open("rb") as again:
        assert again.read(4) == stored[:4]


def test_missing_files(bucket):
    with pytest.raises(FileNotFoundError):
        bucket.open(NAME)
    with pytest.raises(FileNotFoundError):
        bucket.size(NAME)


def test_sizes_of_few_and_of_many(bucket):
    names = [f"aa/{number}" for number in range(60)]
    for name in names[:3]:
        bucket.save(name, ContentFile(b"x" * 5))

    assert bucket.sizes(names[2:5]) == {"aa/2": 5}
    assert bucket.sizes(names) == {"aa/0": 5, "aa/1": 5, "aa/2": 5}


def test_files_have_no_url(bucket):
    with pytest.raises(ValueError, match="URL"):
        bucket.url(NAME)


def test_files_are_not_public(bucket, store):
    bucket.save(NAME, ContentFile(b"x"))

    grants = store.client.get_object_acl(Bucket=store.bucket, Key=KEY)["Grants"]
    assert all("URI" not in grant["Grantee"] for grant in grants)
