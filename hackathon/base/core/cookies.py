from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


def cookie_name(name: str, *, path: str = "/") -> str:
    """Over https with a prefix: browsers then take it with `Secure` only, and `__Host-` only from
    this host. It needs `secure=settings.SESSION_COOKIE_SECURE`.
    """
    if not settings.HTTPS:
        return name
    return f"__Host-{name}" if path == "/" else f"__Secure-{name}"


class MessagesInCookie(CookieStorage):
    cookie_name = cookie_name(CookieStorage.cookie_name)


class Messages(FallbackStorage):
    storage_classes = (MessagesInCookie, SessionStorage)
