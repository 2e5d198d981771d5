from smtplib import SMTPException

from celery import shared_task

from hackathon.core.mail import plain_message


class Unlogged(str):
    """A string that Celery doesn't show in its log lines: these mails contain sign-in codes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'"


EXPIRES_SECONDS = 15 * 60  # as long as a code is valid; after that it is not mailed


@shared_task(
    autoretry_for=(OSError, SMTPException),
    retry_backoff=5,
    retry_backoff_max=20,
    max_retries=30,
    expires=EXPIRES_SECONDS,
)
def deliver(subject: str, body: str, to: str) -> None:
    """Send one mail. Run twice, it sends the mail twice."""
    plain_message(subject, body, to=to).send()
