"""A client of ClamAV: the INSTREAM command over a TCP or Unix socket."""

import socket
import struct
from collections.abc import Iterable

TIMEOUT_SECONDS = 30
REPLY_MAX_BYTES = 1000


class NotScanned(Exception):
    """ClamAV cannot be reached, or the file is larger than its limit."""


def scan(chunks: Iterable[bytes], address: str) -> str:
    """The name of the virus or "". `address`: host:port or a Unix socket. Raises `NotScanned`."""
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
            connection.settimeout(TIMEOUT_SECONDS)
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), TIMEOUT_SECONDS)


def _send(connection: socket.socket, chunks: Iterable[bytes]) -> None:
    connection.sendall(b"zINSTREAM\0")
    try:
        for chunk in chunks:
            if chunk:
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # ClamAV closes the connection at its size limit; its reply names the reason


def _reply(connection: socket.socket) -> str:
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < REPLY_MAX_BYTES:
        if not (part := connection.recv(REPLY_MAX_BYTES)):
            break
        reply += part
    return reply.rstrip(b"\0\n").decode(errors="replace")
