from typing import Any

from celery import shared_task
from celery.signals import worker_init

from hackathon.core import clock
from submissions.inspection import selectors, services
from submissions.inspection.confinement import log_protection


@shared_task
def inspect(submission_id: int) -> None:
    """Does nothing if the submission is inspected already: the first result stays."""
    submission = selectors.uninspected(submission_id)
    if submission is not None:
        result = services.inspect_submission(submission)
        services.record(submission, result, at=clock.now())


@worker_init.connect
def say_what_protects(**_: Any) -> None:
    log_protection()
