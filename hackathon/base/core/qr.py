from functools import lru_cache

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(address: str, *, border: int = 2) -> SafeString:
    """Dark on white in both themes, so that cameras read it; as large as its place."""
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(border=border, dark="#15122e", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno


@lru_cache(maxsize=256)
def svg(address: str, *, border: int = 2) -> SafeString:
    """For what is not secret: it is kept in memory."""
    return drawn(address, border=border)
