from urllib.parse import urlsplit

import httpx
from django.conf import settings

from hackathon.standby.rules import Claim

TIMEOUT_SECONDS = 3.0


def ask() -> Claim | None:
    """What the other server says at `/readyz`; None if it does not answer, or there is none. With
    https its certificate must be that of the site's name.
    """
    if not settings.PEER:
        return None
    host = urlsplit(settings.SITE_URL).hostname or ""
    try:
        # `trust_env`: no proxy of the environment stands between the two.
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
            found = client.get(
                f"{settings.PEER}/readyz",
                headers={"Host": host},
                extensions={"sni_hostname": host},
            ).json()
        return Claim(str(found["server"]), int(found["epoch"]), bool(found["serving"]))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
        return None
