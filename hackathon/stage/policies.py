"""The content security policy of projectors."""

from django.conf import settings

# Decks come out of the browser's store, and the page of a team's link is shown in a frame, if it
# answers. It is asked without cookies and without reading what it answers.
WITH_DECKS = {
    **settings.SECURE_CSP,
    "img-src": [*settings.SECURE_CSP["img-src"], "blob:"],
    "media-src": [*settings.SECURE_CSP["default-src"], "blob:"],
    "connect-src": [*settings.SECURE_CSP["connect-src"], "https:"],
    "frame-src": ["https:"],
}
