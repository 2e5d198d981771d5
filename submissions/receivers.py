from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refused, refuse
from hackathon.base.push.tasks import notify
from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.moves import Concerned
from hackathon.event.editions.program import Instant
from hackathon.event.editions.signals import edition_cloned, instants_asked, move_previewed
from submissions.board import in_state
from submissions.budget.selectors import open_uploads
from submissions.deliverables import services as deliverables
from submissions.deliverables.instants import instants_of
from submissions.enums import ProgressState
from submissions.inspection.result import BROKEN, FindingCode, most_serious
from submissions.models import Deliverable, Inspection, Submission, Upload
from submissions.receipts.tasks import mail_warning
from submissions.signals import submission_inspected
from submissions.versions.progress import progress_of
from teams.enums import TeamFilter
from teams.errors import TeamRefusal
from teams.models import Membership, Team
from teams.signals import department_changed, progress_requested, team_dissolving


@receiver(edition_cloned)
def copy_deliverables(
    source: Edition,
    clone: Edition,
    department_map: dict[int, Department],
    parts: Collection[ClonedPart],
    **kwargs: Any,
) -> None:
    if ClonedPart.DELIVERABLES in parts:
        deliverables.copy(source, clone, department_map)


@receiver(instants_asked)
def own_instants(edition: Edition, **kwargs: Any) -> list[Instant]:
    return instants_of(edition)


@receiver(move_previewed)
def count_concerned(
    edition: Edition, departments: Collection[Department], at: datetime, **kwargs: Any
) -> Concerned:
    chosen = list(departments or edition.departments.all())
    teams = progress_of(edition, departments=chosen)
    uploads = open_uploads(at=at).filter(team__department__in=chosen)
    own = Deliverable.objects.filter(department__edition=edition, due_at__isnull=False)
    return Concerned(
        teams=len(teams),
        members=Membership.objects.filter(team__department__in=chosen).count(),
        uploads=uploads.count(),
        nothing=len(in_state(teams, ProgressState.NOTHING)),
        something=len(in_state(teams, ProgressState.SOMETHING)),
        own=tuple(dict.fromkeys((d.name, d.due_at) for d in own if d.due_at)),
    )


@receiver(department_changed)
def keep_department(team: Team, before: Department, at: datetime, **kwargs: Any) -> None:
    """A deliverable belongs to a department."""
    received = Submission.objects.filter(team=team).exists()
    if received or _is_sending(team):
        refusal = refuse(TeamRefusal.DEPOSITS_STAY, team=team.name, department=before.name)
        raise Refused(refusal)


@receiver(submission_inspected)
def warn_of_broken_deposit(inspection: Inspection, **kwargs: Any) -> None:
    """Not of a link that does not answer: the server itself may be without network."""
    if most_serious(inspection.findings) in BROKEN - {FindingCode.LINK_NO_ANSWER}:
        enqueue(mail_warning, inspection.submission_id)
        enqueue(notify, "broken-deposit", inspection.submission_id)


@receiver(team_dissolving)
def keep_while_sending(team: Team, at: datetime, **kwargs: Any) -> None:
    """Its uploads would be deleted with it."""
    if _is_sending(team):
        raise Refused(refuse(TeamRefusal.UPLOADING, team=team.name))


def _is_sending(team: Team) -> bool:
    return Upload.objects.filter(team=team, submission=None).exists()


@receiver(progress_requested)
def teams_by_progress(edition: Edition, which: TeamFilter, **kwargs: Any) -> set[int]:
    state = {
        TeamFilter.NOTHING: ProgressState.NOTHING,
        TeamFilter.PARTLY: ProgressState.SOMETHING,
        TeamFilter.LATE: ProgressState.LATE,
        TeamFilter.COMPLETE: ProgressState.COMPLETE,
    }[which]
    return {progress.team.pk for progress in in_state(progress_of(edition), state)}
