from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core import extras
from hackathon.base.push.registry import Notification, source
from hackathon.extras.rounds.models import CheckIn

NEWS = timedelta(minutes=30)


@source("check-in")
def check_in_asked(pk: int) -> Notification | None:
    """None if it was cancelled, or the round switched off meanwhile."""
    check_in = CheckIn.objects.standing().filter(pk=pk, edition__is_current=True).first()
    if check_in is None or not extras.is_on("rounds", check_in.edition):
        return None
    return Notification(
        key=f"check-in:{check_in.pk}",
        title=_("Où en êtes-vous ?"),
        body=_("Répondez d’un geste pour votre équipe."),
        path=reverse("rounds:answer"),
        at=check_in.asks_at,
        until=check_in.asks_at + NEWS,
        users=User.objects.filter(memberships__edition=check_in.edition_id, is_active=True),
    )
