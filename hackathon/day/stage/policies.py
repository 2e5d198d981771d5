"""The content security policy of projectors."""

from typing import Any

from django.conf import settings

_usual: dict[str, Any] = settings.SECURE_CSP
# Decks and the package of the brief come out of the browser's store. The page of a team's link is
# shown in a frame, if it answers. It is asked without cookies and without reading what it answers.
WITH_DECKS = {
    **_usual,
    "img-src": [*_usual["img-src"], "blob:"],
    "media-src": [*_usual["default-src"], "blob:"],
    "connect-src": [*_usual["connect-src"], "https:"],
    "frame-src": ["https:"],
}
