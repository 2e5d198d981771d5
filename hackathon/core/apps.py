from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The ground every app stands on: clock, errors, live hub, journal, uploads."""

    name = "hackathon.core"
    label = "core"
    verbose_name = "Socle"
