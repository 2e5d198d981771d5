from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Its model, `LiveMessage`, is in `core`, where it has its table."""

    name = "hackathon.base.live"
    label = "live"
