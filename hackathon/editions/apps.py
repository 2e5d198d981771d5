from django.apps import AppConfig


class EditionsConfig(AppConfig):
    """One year's event: its departments, its instants, its briefs, its announcements."""

    name = "hackathon.editions"
    label = "editions"
    verbose_name = "Éditions"
