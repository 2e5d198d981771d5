"""Links: does the address answer, as it will for the jury? Asked without becoming anybody's tool:
only public addresses are ever connected to, whatever a name or a redirect says.
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator

import httpcore
import httpx

from submissions.inspection.found import Code, Found

REDIRECTS_MAX = 5
PORTS = {"http": 80, "https": 443}
TIMEOUT = {"connect": 4.0, "read": 6.0, "write": 5.0, "pool": 1.0}
HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": "Mozilla/5.0 (compatible; CrazyCharlyDay; link check)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
MOVED = frozenset({301, 302, 303, 307, 308})
# What a site says to who must sign in first, comes too often or looks like a program.
CLOSED = frozenset({401, 402, 403, 405, 406, 407, 429, 451, 503, 999})
SIGN_IN_HOSTS = frozenset(
    {"accounts.google.com", "login.microsoftonline.com", "login.live.com", "auth.univ-lorraine.fr"}
)
SIGN_IN_PATH = re.compile(r"/(log-?in|sign-?in|users/sign_in|connexion|cas/login|oauth2?)\b")
FAILURES = (
    OSError,
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    UnicodeError,
)
# A site that is always there (RFC 2606): if it does not answer either, it is our own line.
ALWAYS_THERE = ("example.org", 443)

_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


def is_public(address: str) -> bool:
    """Whether anybody on the Internet reaches the same machine there."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _NAT64):
            return False
        if inner := ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]):
            return is_public(str(inner)) and ip.ipv4_mapped is not None
    odd = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback
    return ip.is_global and not odd and not getattr(ip, "is_site_local", False)


class PrivateAddress(Exception):
    """The name leads where only somebody inside gets to."""


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the very address that was checked: a name that answers otherwise the second time
    gains nothing.
    """

    def __init__(self, allowed: Callable[[str], bool]) -> None:
        self._allowed = allowed
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check every address, then try one after the other."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
        if not all(self._allowed(address) for address in addresses):
            raise PrivateAddress(host)
        failure: Exception = httpcore.ConnectError(host)
        for address in addresses[:2]:
            try:
                return self._plain.connect_tcp(address, port, timeout, None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def line_works() -> bool:
    """Whether this machine reaches the Internet at all."""
    try:
        socket.create_connection(ALWAYS_THERE, 3).close()
    except OSError:
        return False
    return True


def inspect(
    url: str,
    *,
    allowed: Callable[[str], bool] = is_public,
    ports: dict[str, int] = PORTS,
    context: ssl.SSLContext | None = None,
    line: Callable[[], bool] = line_works,
) -> Iterator[Found]:
    """What the address answers, at the end of its redirects. All but `url` is for tests."""
    found = Found({"type": "link"})
    pool = httpcore.ConnectionPool(
        ssl_context=context, network_backend=CheckedBackend(allowed), max_connections=1
    )
    with pool:
        found = _followed(found, url, pool, ports)
    if found.has(Code.LINK_NO_ANSWER) and not line():
        found = Found(found.facts).but(Code.NOT_CHECKED)
    yield found


def _followed(
    found: Found, address: str, pool: httpcore.ConnectionPool, ports: dict[str, int]
) -> Found:
    url = httpx.URL()
    for _step in range(REDIRECTS_MAX + 1):
        try:
            url = url.join(address)
        except httpx.InvalidURL:
            return found.but(Code.LINK_NO_ANSWER, host=address)
        if url.scheme not in ports or not url.host:
            return found.but(Code.LINK_NO_ANSWER, host=url.host)
        if (url.port or PORTS[url.scheme]) != ports[url.scheme]:
            return found.but(Code.LINK_PORT, port=url.port)
        try:
            status, address = _ask(url, pool)
        except PrivateAddress:
            return found.but(Code.LINK_PRIVATE, host=url.host)
        except FAILURES as error:
            return found.but(_failure(error), host=url.host)
        if status not in MOVED or not address:
            found.facts["status"] = status
            return _answered(found, url, status)
    return found.but(Code.LINK_LOOP)


def _ask(url: httpx.URL, pool: httpcore.ConnectionPool) -> tuple[int, str]:
    """Status and `Location`. Sends no cookie, no credentials, and reads next to nothing."""
    bare = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    headers = {**HEADERS, "Host": url.netloc.decode()}
    extensions = {"timeout": TIMEOUT}
    with pool.stream("GET", bare, headers=headers, extensions=extensions) as response:
        next(response.iter_stream(), b"")
        given = {name.lower(): value for name, value in response.headers}
        return response.status, given.get(b"location", b"").decode("latin-1")


def _failure(error: Exception) -> Code:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Code.LINK_CERTIFICATE
        cause = cause.__cause__ or cause.__context__
    return Code.LINK_NO_ANSWER


def _answered(found: Found, url: httpx.URL, status: int) -> Found:
    if status in CLOSED:
        return found.but(Code.LINK_CLOSED, status=status)
    if status >= 400:
        return found.but(Code.LINK_STATUS, status=status)
    if url.host in SIGN_IN_HOSTS or SIGN_IN_PATH.search(url.path.lower()):
        return found.but(Code.LINK_SIGN_IN, host=url.host)
    return found if url.scheme == "https" else found.but(Code.LINK_NOT_HTTPS)
