from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from hackathon.event.editions.models import Edition
from hackathon.event.editions.signals import edition_cloned
from hackathon.extras.emergency import services
from teams.models import Team
from teams.signals import teams_merged


@receiver(edition_cloned)
def copy_notice(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[str], **_: Any
) -> None:
    if services.NAME in parts:
        services.copy(source=source, to=clone)


@receiver(teams_merged)
def keep_team(sender: Any, *, team: Team, into: Team, **_: Any) -> None:
    services.hand_over(team, into)
