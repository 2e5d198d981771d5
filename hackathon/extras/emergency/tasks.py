"""A task that runs twice sends its e-mail twice, unless somebody has taken the emergency."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.core import extras
from hackathon.base.core.mail import compose, in_french
from hackathon.base.core.mail_tasks import mail_task
from hackathon.extras.emergency import selectors
from hackathon.extras.emergency.models import Emergency

RECIPIENTS = {"first": selectors.told_first, "all": selectors.organizers}


def find_waiting(pk: int) -> Emergency | None:
    """None if somebody has taken it, it is over, or the extra was switched off."""
    waiting = Emergency.objects.select_related("edition", "team", "called_by")
    emergency = waiting.filter(pk=pk, taken_at=None, closed_at=None).first()
    is_on = emergency is not None and extras.is_on("emergency", emergency.edition)
    return emergency if is_on else None


@mail_task(gettext_lazy("Urgence"), max_retries=20)
def mail_emergency(pk: int, stage: str, user_pk: int) -> None:
    """Without what is written in it, which would stay in a mailbox."""
    emergency = find_waiting(pk)
    if emergency is None:
        return
    user = RECIPIENTS[stage](emergency.edition).filter(pk=user_pk).first()
    if user is None:
        return
    with in_french(emergency.edition.zone):
        context = {
            "emergency": emergency,
            "edition": emergency.edition,
            "is_second": stage == "all",
            "page": settings.SITE_URL + reverse("emergency:calls"),
        }
        subject = _("Urgence : {who}").format(who=emergency.called_by.display_name)
        message = compose(subject, "emergency/email/emergency", context, to=user.email)
    message.send()
