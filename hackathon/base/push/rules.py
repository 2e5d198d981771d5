import ipaddress
import re
from urllib.parse import urlsplit

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.outbound import is_public
from hackathon.base.push import vapid
from hackathon.base.push.errors import PushRefusal

ADDRESS = re.compile(r"https://[!-\[\]-~]+")  # ASCII without spaces and backslashes
DEVICES_MAX = 10  # of one person; the oldest is dropped first


def subscription_refusal(endpoint: str, p256dh: str, auth: str) -> Refusal | None:
    """A name is looked up when something is sent (`core.outbound`)."""
    try:
        service = urlsplit(endpoint)
        port = service.port
    except ValueError:
        return refuse(PushRefusal.UNREADABLE)
    # `urlsplit` overlooks line breaks and other signs that no request may have.
    is_address = ADDRESS.fullmatch(endpoint) and "@" not in service.netloc
    if not is_address or not service.hostname or not vapid.are_keys(p256dh, auth):
        return refuse(PushRefusal.UNREADABLE)
    if port not in (None, 443) or not _may_be_public(service.hostname):
        return refuse(PushRefusal.NOT_PUBLIC)
    return None


def _may_be_public(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host.strip(".") and not host.rstrip(".").endswith(
            (".local", ".internal", ".localhost")
        )
    return is_public(host)
