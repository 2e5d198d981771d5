"""Requests the address of a link as the jury will.

Connects to public addresses only, also after redirects, so that a link cannot make this server send
requests into its own network (SSRF).
"""

import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator

import httpcore
import httpx

from submissions.inspection.result import FindingCode, Result

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
# The answers of sites that want a sign-in, limit the rate or refuse automatic clients.
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
# If this site (RFC 2606) does not answer either, this server has no Internet access.
REFERENCE_SITE = ("example.org", 443)

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


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a name once and connects to the address that was checked (no DNS rebinding)."""

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
        """Raises `PrivateAddress` if one of the addresses is not allowed."""
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
        if not all(self._allowed(address) for address in addresses):
            raise PrivateAddress(host)
        failure: Exception = httpcore.ConnectError(host)
        for address in addresses[:2]:
            try:
                return self._plain.connect_tcp(address, port, timeout, None, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


def has_internet_access() -> bool:
    try:
        socket.create_connection(REFERENCE_SITE, timeout=3).close()
    except OSError:
        return False
    return True


def inspect(
    url: str,
    *,
    allowed: Callable[[str], bool] = is_public,
    ports: dict[str, int] = PORTS,
    context: ssl.SSLContext | None = None,
    is_online: Callable[[], bool] = has_internet_access,
) -> Iterator[Result]:
    result = Result({"type": "link"})
    pool = httpcore.ConnectionPool(
        ssl_context=context, network_backend=CheckedBackend(allowed), max_connections=1
    )
    with pool:
        result = _followed(result, url, pool, ports)
    if result.has(FindingCode.LINK_NO_ANSWER) and not is_online():
        result = Result(result.facts).with_finding(FindingCode.NOT_CHECKED)
    yield result


def _followed(
    result: Result, address: str, pool: httpcore.ConnectionPool, ports: dict[str, int]
) -> Result:
    url = httpx.URL()
    for _step in range(REDIRECTS_MAX + 1):
        try:
            url = url.join(address)
        except httpx.InvalidURL:
            return result.with_finding(FindingCode.LINK_NO_ANSWER, host=address)
        if url.scheme not in ports or not url.host:
            return result.with_finding(FindingCode.LINK_NO_ANSWER, host=url.host)
        if (url.port or PORTS[url.scheme]) != ports[url.scheme]:
            return result.with_finding(FindingCode.LINK_PORT, port=url.port)
        try:
            status, address = _request(url, pool)
        except PrivateAddress:
            return result.with_finding(FindingCode.LINK_PRIVATE, host=url.host)
        except FAILURES as error:
            return result.with_finding(_failure_code(error), host=url.host)
        if status not in MOVED or not address:
            result.facts["status"] = status
            return _answered(result, url, status)
    return result.with_finding(FindingCode.LINK_LOOP)


def _request(url: httpx.URL, pool: httpcore.ConnectionPool) -> tuple[int, str]:
    """Status and `Location`. Sends no cookies or credentials; reads one block of the body."""
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    headers = {**HEADERS, "Host": url.netloc.decode()}
    extensions = {"timeout": TIMEOUT}
    with pool.stream("GET", target, headers=headers, extensions=extensions) as response:
        next(response.iter_stream(), b"")
        received = {name.lower(): value for name, value in response.headers}
        return response.status, received.get(b"location", b"").decode("latin-1")


def _failure_code(error: Exception) -> FindingCode:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FindingCode.LINK_CERTIFICATE
        cause = cause.__cause__ or cause.__context__
    return FindingCode.LINK_NO_ANSWER


def _answered(result: Result, url: httpx.URL, status: int) -> Result:
    if status in CLOSED:
        return result.with_finding(FindingCode.LINK_CLOSED, status=status)
    if status >= 400:
        return result.with_finding(FindingCode.LINK_STATUS, status=status)
    if url.host in SIGN_IN_HOSTS or SIGN_IN_PATH.search(url.path.lower()):
        return result.with_finding(FindingCode.LINK_SIGN_IN, host=url.host)
    return result if url.scheme == "https" else result.with_finding(FindingCode.LINK_NOT_HTTPS)
