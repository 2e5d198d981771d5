"""Tasks do nothing if their rows are gone. A task that runs twice sends its e-mail twice."""

from django.utils.translation import gettext_lazy

from hackathon.base.accounts.models import User
from hackathon.base.core.mail import in_french
from hackathon.base.core.mail_tasks import mail_task
from hackathon.event.editions.models import Edition
from hackathon.event.people import emails


@mail_task(gettext_lazy("Un rôle dans l’édition"), max_retries=6)
def invite(edition_pk: int, user_pk: int, role: str, url: str) -> None:
    edition = Edition.objects.filter(pk=edition_pk).first()
    user = User.objects.filter(pk=user_pk).first()
    if edition is not None and user is not None:
        with in_french(edition.zone):
            message = emails.invitation(edition, user, role, url)
        message.send()
