from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "hackathon.run.operations"
    label = "operations"

    def ready(self) -> None:
        from hackathon.base.core import metrics
        from hackathon.run.operations import (  # noqa: F401
            celery_processes,
            heartbeats,
            receivers,
            sentry,
        )

        metrics.living_names.append(heartbeats.living_names)
        sentry.start()
