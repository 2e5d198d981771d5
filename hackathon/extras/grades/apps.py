from django.apps import AppConfig


class GradesConfig(AppConfig):
    name = "hackathon.extras.grades"
