from django.apps import AppConfig


class ProofsConfig(AppConfig):
    name = "hackathon.extras.proofs"
