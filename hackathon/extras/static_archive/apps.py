from django.apps import AppConfig


class StaticArchiveConfig(AppConfig):
    name = "hackathon.extras.static_archive"
