from dataclasses import dataclass
from datetime import datetime

from hackathon.core.errors import Refusal
from hackathon.editions.models import Department, Edition
from judging.deliberation import rules
from judging.jury.progress import JuryProgress, progress
from judging.models import Ceremony, Deliberation


def ceremony_has_begun(edition: Edition) -> bool:
    """A rehearsal does not count."""
    return Ceremony.objects.filter(edition=edition, is_rehearsal=False).exists()


def disclosure_refusal(edition: Edition, *, at: datetime) -> Refusal | None:
    return rules.disclosure_refusal(edition, ceremony_begun=ceremony_has_begun(edition), at=at)


@dataclass(frozen=True)
class PublicationState:
    """For organizers, who must not know decisions before the publication."""

    jury: JuryProgress
    deliberation: Deliberation | None

    @property
    def department(self) -> Department:
        return self.jury.department


def publication_states(edition: Edition) -> list[PublicationState]:
    """Without departments that have no team. `deliberation` is None until the lock."""
    locked = Deliberation.objects.filter(
        department__edition=edition, locked_at__isnull=False
    ).select_related("locked_by")
    by_department = {deliberation.department_id: deliberation for deliberation in locked}
    return [
        PublicationState(jury, by_department.get(jury.department.pk))
        for jury in progress(edition)
        if jury.teams
    ]
