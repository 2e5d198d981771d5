from functools import partial
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext

from hackathon.event.editions.models import Edition
from hackathon.event.editions.program import Instant
from hackathon.event.editions.signals import instants_asked
from hackathon.extras.rounds import live, services
from hackathon.extras.rounds.models import CheckIn
from teams.models import Team
from teams.signals import teams_merged


@receiver(teams_merged)
def keep_visits(sender: Any, *, team: Team, into: Team, **_: Any) -> None:
    services.hand_over(team, into)


@receiver(instants_asked)
def own_instants(sender: Any, *, edition: Edition, **_: Any) -> list[Instant]:
    label, url = gettext("« Où en êtes-vous ? »"), reverse("control_room:control")
    tell = partial(live.check_in_changed, edition)
    asked = CheckIn.objects.filter(edition=edition).standing()
    return [Instant(check_in, "asks_at", label, url, tell=tell) for check_in in asked]
