from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "hackathon.operations"
    label = "operations"

    def ready(self) -> None:
        from hackathon.operations import celery_processes, receivers, sentry  # noqa: F401

        sentry.start()
