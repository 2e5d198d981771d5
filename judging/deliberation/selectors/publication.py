from dataclasses import dataclass
from datetime import datetime

from hackathon.base.core.errors import Refusal
from hackathon.event.editions.models import Department, Edition
from judging.deliberation import rules
from judging.deliberation.selectors.decision import DecisionState
from judging.jury.progress import JuryProgress, progress
from judging.models import Ceremony, Deliberation, NominationSeal


def ceremony_has_begun(edition: Edition) -> bool:
    """A rehearsal does not count."""
    return Ceremony.objects.filter(edition=edition, is_rehearsal=False).exists()


def may_be_known(department: Department, decided: DecisionState) -> bool:
    """Whether a ceremony may have shown what is locked. In two acts the winners come after the
    pause.
    """
    if department.held_back_at:
        return False
    shown = Ceremony.objects.filter(edition=department.edition_id, is_rehearsal=False)
    if decided.seal is not None and decided.is_locked:
        shown = shown.filter(resumed_at__isnull=False)
    return shown.exists()


def disclosure_refusal(
    department: Department, decided: DecisionState, *, at: datetime
) -> Refusal | None:
    begun = may_be_known(department, decided)
    return rules.disclosure_refusal(department, ceremony_begun=begun, at=at)


@dataclass(frozen=True)
class PublicationState:
    """For organizers, who must not know decisions before the publication. `seal`: of the nominees,
    in two acts.
    """

    jury: JuryProgress
    deliberation: Deliberation | None
    seal: NominationSeal | None = None

    @property
    def is_nominated(self) -> bool:
        """A ceremony may show the nominees."""
        return self.deliberation is not None or self.seal is not None

    @property
    def department(self) -> Department:
        return self.jury.department


def all_decided(edition: Edition) -> bool:
    """Of the departments that are not held back."""
    due = [s for s in publication_states(edition) if not s.department.held_back_at]
    return all(state.deliberation is not None for state in due)


def publication_states(edition: Edition) -> list[PublicationState]:
    """Without departments that have no team. `deliberation` is None until the lock."""
    nominated = Deliberation.objects.nominated().filter(department__edition=edition)
    rows = {
        row.department_id: row
        for row in nominated.select_related("locked_by", "nomination_seal__locked_by")
    }
    locked = {pk: row for pk, row in rows.items() if row.locked_at is not None}
    return [
        PublicationState(
            jury,
            locked.get(jury.department.pk),
            getattr(rows.get(jury.department.pk), "nomination_seal", None),
        )
        for jury in progress(edition)
        if jury.teams
    ]
