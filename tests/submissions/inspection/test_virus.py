import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from submissions.inspection import virus
from tests import services
from tests.submissions.inspection.samples import EICAR

LIMIT = 1_000_000


def serve(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(size)
                if len(content) > LIMIT:
                    break
            connection.sendall(verdict(content))


def verdict(content: bytes) -> bytes:
    if len(content) > LIMIT:
        return b"INSTREAM size limit exceeded. ERROR\0"
    return b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, tmp_path) -> Iterator[str]:
    if request.param == "tcp":
        server = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{server.getsockname()[1]}"
    else:
        address = str(tmp_path / "clamd")
        server = socket.socket(socket.AF_UNIX)
        server.bind(address)
        server.listen()
    thread = threading.Thread(target=serve, args=[server])
    thread.start()
    yield address
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_clean_file(clamd):
    assert virus.scan([b"a" * 100_000, b"", b"b"], clamd) == ""


def test_an_infected_file(clamd):
    assert virus.scan([b"x" * 50, EICAR], clamd) == "Eicar-Signature"


def test_a_file_above_the_limit_of_clamd(clamd):
    with pytest.raises(virus.NotScanned, match=r"size limit|reset|[Bb]roken"):
        virus.scan([bytes(100_000)] * 200, clamd)


def test_an_unreachable_clamd(tmp_path):
    with pytest.raises(virus.NotScanned):
        virus.scan([b"a"], f"127.0.0.1:{services.free_port()}")
    with pytest.raises(virus.NotScanned):
        virus.scan([b"a"], str(tmp_path / "nothing"))
