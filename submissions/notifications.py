from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.accounts.models import User
from hackathon.core.formats import clock_exact
from hackathon.editions.models import Edition
from hackathon.push.registry import Notification, source
from submissions.reminders import silent_teams


@source("last-minutes")
def last_minutes(edition_pk: int, minutes: int, deadline: str) -> Notification | None:
    """`deadline` is ISO 8601. Nothing for teams that have handed in something meanwhile."""
    edition = Edition.objects.filter(pk=edition_pk, is_current=True).first()
    until = datetime.fromisoformat(deadline)
    teams = silent_teams(edition, until) if edition is not None else []
    if edition is None or not teams:
        return None
    return Notification(
        key=f"last-minutes:{edition.pk}:{minutes}:{deadline}",
        title=_("Plus que {minutes} minutes").format(minutes=minutes),
        body=_("Votre équipe n’a encore rien rendu. Heure limite : {at}.").format(
            at=clock_exact(until, edition.zone)
        ),
        path=reverse("submissions:deposits"),
        at=until - timedelta(minutes=minutes),
        until=until,
        users=User.objects.filter(memberships__team__in=teams, is_active=True),
    )
