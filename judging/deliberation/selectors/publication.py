"""What the screens of the ceremony show now, and what who drives them is told.

Only the step that is on is read with its names: what comes later has no way into an answer.
"""

from dataclasses import dataclass
from datetime import datetime

from hackathon.core.errors import Refusal
from hackathon.editions.models import Department, Edition
from judging.deliberation import rules as deliberation_rules
from judging.jury.progress import JuryProgress, progress
from judging.models import Ceremony, Deliberation


def ceremony_has_begun(edition: Edition) -> bool:
    """Whether a real ceremony is on: from here on no jury may be reopened."""
    return Ceremony.objects.filter(edition=edition, is_rehearsal=False).exists()


def out_refusal(edition: Edition, *, at: datetime) -> Refusal | None:
    """Why no jury may be reopened any more; None while it may."""
    return deliberation_rules.out_refusal(
        edition, ceremony_begun=ceremony_has_begun(edition), at=at
    )


@dataclass(frozen=True)
class PublicationState:
    """What an organizer may know of a jury before publication: how far, never what."""

    jury: JuryProgress
    deliberation: Deliberation | None

    @property
    def department(self) -> Department:
        """Whose."""
        return self.jury.department


def publication_states(edition: Edition) -> list[PublicationState]:
    """Each department that has teams, with whether and by whom its deliberation is locked."""
    locked = Deliberation.objects.filter(
        department__edition=edition, locked_at__isnull=False
    ).select_related("locked_by")
    by_department = {deliberation.department_id: deliberation for deliberation in locked}
    return [
        PublicationState(jury, by_department.get(jury.department.pk))
        for jury in progress(edition)
        if jury.teams
    ]
