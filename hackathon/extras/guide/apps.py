from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "hackathon.extras.guide"
