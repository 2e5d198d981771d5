from typing import Any

from django.dispatch import receiver

from hackathon.extras.rounds import services
from teams.models import Team
from teams.signals import teams_merged


@receiver(teams_merged)
def keep_visits(sender: Any, *, team: Team, into: Team, **_: Any) -> None:
    services.hand_over(team, into)
