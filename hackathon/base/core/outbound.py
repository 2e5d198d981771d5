"""Connections to addresses that somebody typed: to public ones only, so that nobody can make this
server send requests into its own network (SSRF).
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
# They count as global: the host of Azure's machines, and the former relays of 6to4.
_SPECIAL = (ipaddress.ip_network("168.63.129.16/32"), ipaddress.ip_network("192.88.99.0/24"))


def is_public(address: str) -> bool:
    """Whether the address is globally reachable, also inside an IPv6 transition address."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _NAT64):
            return False
        if inner := ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]):
            return is_public(str(inner)) and ip.ipv4_mapped is not None
    if any(ip in network for network in _SPECIAL):
        return False
    is_special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback
    return ip.is_global and not is_special and not getattr(ip, "is_site_local", False)


class PrivateAddress(Exception):
    pass


class Closed(OSError):
    """This site connects to nothing outside (`settings.OUTBOUND`)."""


def is_open() -> bool:
    """Replaced where Django starts. The process that inspects deposits has no settings."""
    return True


# Limits of one response, counted from the last byte of its request.
ANSWER_SECONDS = 20.0
ANSWER_BYTES = 10_000_000
# Of a request: what the other end, the network or the address is the reason of.
FAILURES = (
    OSError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    UnicodeError,
)


class BoundedStream(httpcore.NetworkStream):
    """Limits a whole response. A read timeout alone does not stop a server that sends single bytes
    slowly, or a response without end.
    """

    def __init__(
        self,
        stream: httpcore.NetworkStream,
        seconds: float = ANSWER_SECONDS,
        size: int = ANSWER_BYTES,
    ) -> None:
        self._stream = stream
        self._seconds, self._size = seconds, size
        self._begin()

    def _begin(self) -> None:
        self._until = time.monotonic() + self._seconds
        self._bytes_left = self._size

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        data = self._stream.read(max_bytes, left if timeout is None else min(left, timeout))
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise httpcore.ReadError
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)
        self._begin()

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secret = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return BoundedStream(secret, self._seconds, self._size)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a name once and connects to the address that was checked (no DNS rebinding)."""

    def __init__(
        self,
        allowed: Callable[[str], bool],
        seconds: float = ANSWER_SECONDS,
        size: int = ANSWER_BYTES,
    ) -> None:
        self._allowed = allowed
        self._limits = seconds, size
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises `PrivateAddress` if one of the addresses is not allowed."""
        if not is_open():
            raise Closed
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
        if not all(self._allowed(address) for address in addresses):
            raise PrivateAddress(host)
        failure: Exception = httpcore.ConnectError(host)
        for address in addresses[:2]:
            try:
                plain = self._plain.connect_tcp(address, port, timeout, None, socket_options)
                return BoundedStream(plain, *self._limits)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure
