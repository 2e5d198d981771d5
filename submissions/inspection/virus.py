"""ClamAV, where the organizers run one: its INSTREAM command, over a socket."""

import socket
import struct
from collections.abc import Iterable

TIMEOUT = 30
REPLY_MAX = 1000


class NotScanned(Exception):
    """The scanner gave no verdict: it is away, or the file is larger than it takes."""


def scan(chunks: Iterable[bytes], address: str) -> str:
    """The name of what `address` (`host:port`, or the path of a Unix socket) found in these bytes;
    empty if they are clean. Raises `NotScanned`.
    """
    try:
        with _connected(address) as connection:
            _send(connection, chunks)
            reply = _reply(connection)
    except OSError as error:
        raise NotScanned(str(error)) from error
    if reply == "stream: OK":
        return ""
    if reply.endswith(" FOUND"):
        return reply.removeprefix("stream: ").removesuffix(" FOUND")
    raise NotScanned(reply)


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(TIMEOUT)
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), TIMEOUT)


def _send(connection: socket.socket, chunks: Iterable[bytes]) -> None:
    connection.sendall(b"zINSTREAM\0")
    try:
        for chunk in chunks:
            if chunk:
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has had enough, and says why


def _reply(connection: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < REPLY_MAX:
        if not (part := connection.recv(REPLY_MAX)):
            break
        said += part
    return said.rstrip(b"\0\n").decode(errors="replace")
