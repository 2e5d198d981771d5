import json
from urllib.parse import urlsplit

import httpcore
from django.conf import settings

from hackathon.base.core.outbound import FAILURES, CheckedBackend
from hackathon.extras.standby.rules import Claim, is_possible

TIMEOUT_SECONDS = 3.0  # to connect, and for the whole answer
ANSWER_BYTES = 20_000
# ArithmeticError: an epoch of 1e400.
NO_ANSWER = (*FAILURES, ArithmeticError, LookupError, TypeError, ValueError)


def ask() -> Claim | None:
    """What the other server says at `/readyz`; None if it does not answer, or there is none. With
    https its certificate must be that of the site's name.
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
        found = json.loads(answer.content)
        claim = Claim(str(found["server"]), int(found["epoch"]), bool(found["serving"]))
    except NO_ANSWER:
        return None
    return claim if is_possible(claim) else None
