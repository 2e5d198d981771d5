import ipaddress
from urllib.parse import urlsplit

from hackathon.core.errors import Refusal, refuse
from hackathon.core.outbound import is_public
from hackathon.push import vapid
from hackathon.push.errors import PushRefusal

DEVICES_MAX = 10  # of one person; the oldest is dropped first


def subscription_refusal(endpoint: str, p256dh: str, auth: str) -> Refusal | None:
    """A name is looked up when something is sent (`core.outbound`)."""
    try:
        service = urlsplit(endpoint)
        port = service.port
    except ValueError:
        return refuse(PushRefusal.UNREADABLE)
    if service.scheme != "https" or not service.hostname or not vapid.are_keys(p256dh, auth):
        return refuse(PushRefusal.UNREADABLE)
    if port not in (None, 443) or not _may_be_public(service.hostname):
        return refuse(PushRefusal.NOT_PUBLIC)
    return None


def _may_be_public(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host.strip(".") and not host.endswith((".local", ".internal", ".localhost"))
    return is_public(host)
