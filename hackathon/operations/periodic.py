from celery import shared_task

from hackathon.operations import heartbeats


@shared_task
def forget_heartbeats() -> None:
    """Of processes that ended more than a day ago."""
    heartbeats.forget_old()
