"""The rules of deposits: the deadline, what may be handed in, what organizers decide."""

from submissions.rules.contents import (
    URL_MAX_CHARS,
    file_refusal,
    format_names,
    has_format,
    kind_refusal,
    link_refusal,
    member_refusal,
    text_refusal,
)
from submissions.rules.deadline import (
    DepositWindow,
    counting,
    deposit_refusal,
    deposit_window,
    longest_extension,
    mark,
    time_text,
    window_state,
)
from submissions.rules.organizing import (
    EXTENSION_MAX_MINUTES,
    delete_refusal,
    deliverable_refusal,
    extension_refusal,
    revoke_refusal,
)

__all__ = [
    "EXTENSION_MAX_MINUTES",
    "URL_MAX_CHARS",
    "DepositWindow",
    "counting",
    "delete_refusal",
    "deliverable_refusal",
    "deposit_refusal",
    "deposit_window",
    "extension_refusal",
    "file_refusal",
    "format_names",
    "has_format",
    "kind_refusal",
    "link_refusal",
    "longest_extension",
    "mark",
    "member_refusal",
    "revoke_refusal",
    "text_refusal",
    "time_text",
    "window_state",
]
