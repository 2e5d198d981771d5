"""Digests that are public before what they are of: seals of hand-ins, envelopes of juries."""

import json
from typing import Any

from django.dispatch import Signal

# Sent in the transaction that made them, by the model that has them. Arguments: `edition`,
# `digests`, `at`.
made = Signal()


def canonical(content: Any) -> bytes:
    """What is hashed, and offered as a download. Any JSON library writes the same bytes."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()
