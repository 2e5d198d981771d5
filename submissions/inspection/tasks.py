from celery import shared_task

from hackathon.core import clock
from submissions.inspection import selectors, services


@shared_task
def inspect(submission_id: int) -> None:
    """Does nothing if the submission is inspected already: the first result stays."""
    submission = selectors.uninspected(submission_id)
    if submission is not None:
        result = services.inspect_submission(submission)
        services.record(submission, result, at=clock.now())
