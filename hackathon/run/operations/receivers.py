"""Counts tasks, and dates them when they are queued (`before_task_publish` runs in the sender).
Looks at a database before it is migrated.
"""

import time
from typing import Any

from celery import signals
from django.core.management import CommandError
from django.db.models.signals import pre_migrate
from django.dispatch import receiver

from hackathon.base.core import logs, metrics
from hackathon.run.operations.migrated import OtherDatabase, require_upgradable
from hackathon.run.operations.queues import QUEUED_AT


@signals.before_task_publish.connect
def date_task(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None:
        headers[QUEUED_AT] = time.time()


@signals.task_prerun.connect
def name_task(task_id: str, task: Any, **_: Any) -> None:
    logs.start_over(task=task.name, task_id=task_id)


@signals.task_postrun.connect
def count_task(task: Any, state: str | None = None, **_: Any) -> None:
    metrics.TASKS.labels(task.name, (state or "unknown").lower()).inc()


@receiver(pre_migrate)
def refuse_other_databases(sender: Any, **_: Any) -> None:
    """Called for each app, before the first migration runs: once is enough."""
    if sender.label == "operations":
        try:
            require_upgradable()
        except OtherDatabase as error:
            raise CommandError(str(error)) from error
