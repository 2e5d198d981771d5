"""HTML that depends on given values alone, kept in the memory of the process."""

import pickle
from collections.abc import Callable
from hashlib import blake2b

from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

MAX_KEPT = 4_000  # of some 3 kB

_kept: dict[bytes, SafeString] = {}


def kept(name: str, values: object, render: Callable[[], str]) -> SafeString:
    """What `render` returned before for equal values, in the active language and zone.

    `values` is all that it reads, with the rows that belong to them: it makes no query, and asks
    neither the clock nor who asks.
    """
    parts = name, get_language(), get_current_timezone_name(), values
    key = blake2b(pickle.dumps(parts), digest_size=16).digest()
    html = _kept.get(key)
    if html is None:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        html = _kept[key] = mark_safe(render())  # noqa: S308 - rendered by a template
    return html
