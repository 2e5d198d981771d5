import fcntl

from celery import shared_task
from django.conf import settings

from hackathon.base.core import clock
from submissions.inspection import selectors, services
from submissions.storage import disk


@shared_task
def inspect(submission_id: int) -> None:
    """Does nothing if the submission is inspected already: the first result stays."""
    submission = selectors.uninspected(submission_id)
    if submission is not None:
        result = services.inspect_submission(submission)
        services.record(submission, result, at=clock.now())


@shared_task
def copy_videos() -> None:
    """One video, in one process at a time. Not when the disk is nearly full."""
    with (settings.UPLOADS_DIR.parent / "copying.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        inspection = selectors.next_to_copy()
        if inspection is not None and not disk().is_low:
            services.make_reading_copy(inspection, at=clock.now())
