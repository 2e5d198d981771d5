from contextlib import suppress

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.errors import Refused
from hackathon.base.core.mail import in_french
from hackathon.base.core.mail_tasks import mail_task, watched
from hackathon.run.privacy import emails
from hackathon.run.privacy.services import anonymisation


@shared_task
def anonymise(edition_pk: int) -> None:
    """Refused, if it is done already or no longer due."""
    with suppress(Refused):
        anonymisation.anonymise(edition_pk, at=clock.now())


@mail_task(gettext_lazy("Compte bientôt effacé"), max_retries=40)
def mail_closing(user_pk: int) -> None:
    """Nothing if the account was used again, or is gone."""
    user = User.objects.filter(pk=user_pk, deleted_at=None).first()
    if user is None or user.closing_at is None:
        return
    with in_french(timezone.get_default_timezone()):
        message = emails.closing(user, user.closing_at)
    with watched(user.email):
        message.send()
