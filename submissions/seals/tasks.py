from smtplib import SMTPException

from celery import shared_task

from hackathon.accounts.models import User
from submissions.models import Seal
from submissions.seals.emails import seal_mail


@shared_task(
    autoretry_for=(OSError, SMTPException),
    retry_backoff=5,
    retry_backoff_max=30,
    max_retries=8,
)
def mail_seal(seal_id: int, organizer_id: int) -> None:
    """Mails the seal again if it is run twice."""
    seal = Seal.objects.select_related("edition", "department").filter(pk=seal_id).first()
    organizer = User.objects.filter(pk=organizer_id).first()
    if seal is not None and organizer is not None:
        seal_mail(seal, to=organizer).send()
