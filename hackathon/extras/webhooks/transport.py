"""One POST to an address that somebody typed. The guard is that of the link checker: only public
addresses, and the name is resolved once (no DNS rebinding). Redirects are not followed.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass

import httpcore
import httpx

from hackathon.base.core.outbound import FAILURES, CheckedBackend, PrivateAddress, is_public

TIMEOUT = {"connect": 5.0, "read": 10.0, "write": 5.0, "pool": 1.0}


@dataclass(frozen=True)
class Outcome:
    """`status` is None without an answer; then `error` says why, in English."""

    status: int | None
    error: str = ""

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    allowed: Callable[[str], bool] = is_public,
    context: ssl.SSLContext | None = None,
) -> Outcome:
    """Takes 20 s at most, and reads one block of the answer, which nobody is shown."""
    try:
        parts = httpx.URL(url)
        target = httpcore.URL(
            scheme=parts.raw_scheme, host=parts.raw_host, port=parts.port, target=parts.raw_path
        )
        sent: list[tuple[bytes | str, bytes | str]] = [
            ("Host", parts.netloc),
            ("User-Agent", "Hackathon-Webhooks"),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
            *headers.items(),
        ]
        backend = CheckedBackend(allowed)
        with (
            httpcore.ConnectionPool(ssl_context=context, network_backend=backend) as pool,
            pool.stream(
                "POST", target, headers=sent, content=body, extensions={"timeout": TIMEOUT}
            ) as response,
        ):
            next(response.iter_stream(), b"")
            return Outcome(response.status)
    except PrivateAddress:
        return Outcome(None, "not a public address")
    except (*FAILURES, httpx.InvalidURL) as error:
        return Outcome(None, type(error).__name__)
