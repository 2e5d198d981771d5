"""Mail of the accounts, sent off the request path."""

from smtplib import SMTPException

from celery import shared_task
from django.core.mail import EmailMessage


class Unlogged(str):
    """A string whose value no log line shows: these mails hold the codes that let people in."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'"


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=60, max_retries=4
)
def deliver(subject: str, body: str, to: str) -> None:
    """Send one mail. Run twice it sends the same mail twice, which harms nobody."""
    EmailMessage(subject, body, to=[to]).send()
