"""Counts tasks, and dates them when they are queued. `before_task_publish` runs in the sender."""

import time
from typing import Any

from celery import signals

from hackathon.core import logs, metrics
from hackathon.operations.queues import QUEUED_AT


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
