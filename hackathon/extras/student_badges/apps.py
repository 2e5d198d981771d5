from django.apps import AppConfig


class StudentBadgesConfig(AppConfig):
    name = "hackathon.extras.student_badges"
