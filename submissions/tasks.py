"""What may be late: looking inside what was received, and the receipt by mail."""

from celery import shared_task


@shared_task
def inspect(submission_id: int) -> None:
    """Look inside a submission and say what was found."""


@shared_task
def mail_receipt(submission_id: int) -> None:
    """Send the receipt to whoever handed in."""
