"""Requests the address of a link as the jury will.

Connects to public addresses only, also after redirects, so that a link cannot make this server send
requests into its own network (SSRF).
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from html import unescape

import httpcore
import httpx

from hackathon.base.core.outbound import FAILURES, CheckedBackend, PrivateAddress, is_public
from submissions.inspection.result import FindingCode, Result

REDIRECTS_MAX = 5
PORTS = {"http": 80, "https": 443}
TIMEOUT = {"connect": 4.0, "read": 6.0, "write": 5.0, "pool": 1.0}
HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": "Mozilla/5.0 (compatible; hackathon; link check)",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
MOVED = frozenset({301, 302, 303, 307, 308})
# The answers of sites that want a sign-in, limit the rate or refuse automatic clients.
CLOSED = frozenset({401, 402, 403, 405, 406, 407, 429, 451, 503, 999})
SIGN_IN_HOSTS = frozenset({"accounts.google.com", "login.microsoftonline.com", "login.live.com"})
SIGN_IN_PATH = re.compile(r"/(log-?in|sign-?in|users/sign_in|connexion|cas/login|oauth2?)\b")
# The title of these is not that of what was handed in.
NOT_THE_PAGE = (FindingCode.LINK_CLOSED, FindingCode.LINK_STATUS, FindingCode.LINK_SIGN_IN)
# The title of a page is looked for in its beginning.
HEAD_BYTES, TITLE_CHARS = 64_000, 160
TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.I | re.S)
# If this site (RFC 2606) does not answer either, this server has no Internet access.
REFERENCE_SITE = ("example.org", 443)


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
            status, address, title, frames = _request(url, pool)
        except PrivateAddress:
            return result.with_finding(FindingCode.LINK_PRIVATE, host=url.host)
        except FAILURES as error:
            return result.with_finding(_failure_code(error), host=url.host)
        if status not in MOVED or not address:
            result.facts["status"] = status
            result = _answered(result, url, status)
            if title and not result.has(*NOT_THE_PAGE):
                result.facts["title"] = title
            if frames and not result.findings:
                result.facts["frames"] = True
            return result
    return result.with_finding(FindingCode.LINK_LOOP)


def _request(url: httpx.URL, pool: httpcore.ConnectionPool) -> tuple[int, str, str, bool]:
    """Status, `Location`, title, and whether other pages may frame it. Sends no cookies or
    credentials; reads the beginning of the body.
    """
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    headers = {**HEADERS, "Host": url.netloc.decode()}
    extensions = {"timeout": TIMEOUT}
    with pool.stream("GET", target, headers=headers, extensions=extensions) as response:
        received = {name.lower(): value for name, value in response.headers}
        is_page = b"text/html" in received.get(b"content-type", b"").lower()
        head = b""
        for block in response.iter_stream():
            head += block
            if not is_page or len(head) >= HEAD_BYTES or b"</title" in head.lower():
                break
        match = TITLE.search(head.decode("utf-8", "replace")) if is_page else None
        title = " ".join(unescape(match[1]).split())[:TITLE_CHARS] if match else ""
        policy = received.get(b"content-security-policy", b"").lower()
        frames = is_page and b"x-frame-options" not in received and b"frame-ancestors" not in policy
        location = received.get(b"location", b"").decode("latin-1")
        return response.status, location, title, frames


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
