from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "hackathon.operations"
    label = "operations"

    def ready(self) -> None:
        from hackathon.core import metrics
        from hackathon.operations import (  # noqa: F401
            celery_processes,
            heartbeats,
            receivers,
            sentry,
        )

        metrics.living_names.append(heartbeats.living_names)
        sentry.start()
