"""Which files the site serves as they are."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class Static(StaticFilesConfig):
    """Django's own, leaving out what the browser packages bring and no page needs."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "browser-test-bundle.js",
        "tus.js",
        "tus.js.map",
    ]
