import json
from pathlib import Path
from urllib.parse import urlsplit

import httpcore
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from hackathon.base.core.outbound import FAILURES, CheckedBackend
from hackathon.extras.standby.rules import Claim, is_possible

TIMEOUT_SECONDS = 3.0  # to connect, and for the whole answer
ANSWER_BYTES = 20_000
# ArithmeticError: an epoch of 1e400.
NO_ANSWER = (*FAILURES, BadSignature, ArithmeticError, LookupError, TypeError, ValueError)
# An older claim may have been recorded. The clocks of both servers may differ by less than this.
SIGNED_SECONDS = 300


def password() -> str:
    """That both servers have for deposits. Raises `OSError`."""
    return Path(settings.PEER_PASSWORD_FILE).read_text().strip()


def _signer() -> TimestampSigner:
    return TimestampSigner(key=password(), salt=__name__)


def signed(claim: Claim) -> str:
    """For the other server; empty without a password."""
    try:
        return _signer().sign_object([claim.server, claim.epoch, claim.serving])
    except OSError:
        return ""


def ask() -> Claim | None:
    """What the other server says at `/readyz`; None if it does not answer, if what it says is not
    signed with the common password, or if there is none. With https its certificate must be that
    of the site's name.
    """
    if not settings.PEER:
        return None
    host = urlsplit(settings.SITE_URL).hostname or ""
    backend = CheckedBackend(lambda _address: True, TIMEOUT_SECONDS, ANSWER_BYTES)
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT_SECONDS)
    try:
        with httpcore.ConnectionPool(network_backend=backend) as pool:
            answer = pool.request(
                "GET",
                f"{settings.PEER}/readyz",
                headers={"Host": host},
                extensions={"sni_hostname": host, "timeout": timeout},
            )
        server, epoch, serving = _signer().unsign_object(
            json.loads(answer.content)["signed"], max_age=SIGNED_SECONDS
        )
        claim = Claim(str(server), int(epoch), bool(serving))
    except NO_ANSWER:
        return None
    return claim if is_possible(claim) else None
