from django.apps import AppConfig


class PublicDemoConfig(AppConfig):
    name = "hackathon.extras.public_demo"
