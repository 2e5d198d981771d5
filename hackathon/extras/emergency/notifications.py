from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core import extras
from hackathon.base.push.registry import Notification, source
from hackathon.extras.emergency import tasks
from hackathon.extras.emergency.models import Emergency

NEWS = timedelta(hours=1)


@source("emergency")
def emergency_called(pk: int, stage: str) -> Notification | None:
    """Without what is written in it: a locked phone shows it. None once somebody has taken it."""
    emergency = tasks.find_waiting(pk)
    if emergency is None:
        return None
    who, team = emergency.called_by.display_name, emergency.team
    body = _("{who} a besoin d’aide. Ouvrez pour lire et répondre.").format(who=who)
    if team is not None:
        body = _("{who}, équipe « {team} », salle {room}. Ouvrez pour lire et répondre.").format(
            who=who, team=team, room=team.room or "?"
        )
    at = emergency.escalated_at if stage == "all" else None
    at = at or emergency.called_at
    return Notification(
        key=f"emergency:{pk}:{stage}",
        title=_("Urgence, personne n’a répondu") if stage == "all" else _("Urgence"),
        body=body,
        path=reverse("emergency:calls"),
        at=at,
        until=at + NEWS,
        users=tasks.RECIPIENTS[stage](emergency.edition),
    )


@source("emergency-taken")
def emergency_taken(pk: int) -> Notification | None:
    """For who called. None if it is over."""
    emergencies = Emergency.objects.select_related("edition", "taken_by")
    emergency = emergencies.filter(pk=pk, closed_at=None, taken_at__isnull=False).first()
    if emergency is None or emergency.taken_by is None or emergency.taken_at is None:
        return None
    if not extras.is_on("emergency", emergency.edition):
        return None
    return Notification(
        key=f"emergency-taken:{pk}",
        title=_("On s’occupe de vous"),
        body=_("{who} s’en occupe.").format(who=emergency.taken_by.display_name),
        path=reverse("emergency:index"),
        at=emergency.called_at,
        until=emergency.taken_at + NEWS,
        users=User.objects.filter(pk=emergency.called_by_id, is_active=True),
    )
