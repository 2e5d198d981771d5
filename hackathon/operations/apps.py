from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "hackathon.operations"
    label = "operations"

    def ready(self) -> None:
        from hackathon.operations import celery_processes, receivers  # noqa: F401 - they connect
