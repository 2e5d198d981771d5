from collections import Counter
from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from hackathon.editions.earlier_deadline import IncompleteTeams
from hackathon.editions.enums import ClonedPart
from hackathon.editions.models import Department, Edition
from hackathon.editions.signals import earlier_deadline_requested, edition_cloned
from submissions.deliverables import services as deliverables
from submissions.deposits import selectors
from submissions.enums import ProgressState


@receiver(edition_cloned)
def copy_deliverables(
    department_map: dict[int, Department], parts: Collection[ClonedPart], **kwargs: Any
) -> None:
    if ClonedPart.DELIVERABLES in parts:
        deliverables.copy(department_map)


@receiver(earlier_deadline_requested)
def count_incomplete_teams(edition: Edition, **kwargs: Any) -> IncompleteTeams:
    states = Counter(team.state for team in selectors.progress(edition) if team.total)
    return IncompleteTeams(states[ProgressState.NOTHING], states[ProgressState.SOMETHING])
