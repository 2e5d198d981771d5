from django.apps import AppConfig


class YearsConfig(AppConfig):
    name = "hackathon.extras.years"
