from django.utils.translation import gettext_lazy

from hackathon.base.accounts.models import User
from hackathon.base.core.mail_tasks import mail_task
from submissions.models import Seal
from submissions.seals.emails import seal_mail


@mail_task(gettext_lazy("Scellé, pour l’organisation"), max_retries=8)
def mail_seal(seal_id: int, organizer_id: int) -> None:
    """Mails the seal again if it is run twice."""
    seal = Seal.objects.select_related("edition", "department").filter(pk=seal_id).first()
    organizer = User.objects.filter(pk=organizer_id).first()
    if seal is not None and organizer is not None:
        seal_mail(seal, to=organizer).send()
