"""Tasks do nothing if their rows are gone. A task that runs twice sends its e-mail twice."""

from smtplib import SMTPException

from celery import shared_task

from hackathon.accounts.models import User
from hackathon.core.mail import in_french
from hackathon.editions.models import Edition
from hackathon.people import emails


@shared_task(
    autoretry_for=(OSError, SMTPException), retry_backoff=5, retry_backoff_max=30, max_retries=6
)
def invite(edition_pk: int, user_pk: int, role: str, url: str) -> None:
    edition = Edition.objects.filter(pk=edition_pk).first()
    user = User.objects.filter(pk=user_pk).first()
    if edition is not None and user is not None:
        with in_french(edition.zone):
            message = emails.invitation(edition, user, role, url)
        message.send()
