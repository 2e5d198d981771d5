from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from hackathon.editions.enums import ClonedPart
from hackathon.editions.models import Department, Edition
from hackathon.editions.moves import Concerned
from hackathon.editions.signals import edition_cloned, move_previewed
from submissions.budget.selectors import open_uploads
from submissions.deliverables import services as deliverables
from submissions.deposits import selectors
from submissions.enums import ProgressState


@receiver(edition_cloned)
def copy_deliverables(
    department_map: dict[int, Department], parts: Collection[ClonedPart], **kwargs: Any
) -> None:
    if ClonedPart.DELIVERABLES in parts:
        deliverables.copy(department_map)


@receiver(move_previewed)
def count_concerned(edition: Edition, at: datetime, **kwargs: Any) -> Concerned:
    teams = selectors.progress(edition)
    states = Counter(team.state for team in teams if team.total)
    return Concerned(
        teams=len(teams),
        uploads=open_uploads(at=at).filter(team__edition=edition).count(),
        nothing=states[ProgressState.NOTHING],
        something=states[ProgressState.SOMETHING],
    )
