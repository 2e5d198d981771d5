from dataclasses import dataclass
from datetime import datetime

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from hackathon.event.editions.moves import Change, key_of
from hackathon.event.editions.rules import field_label
from hackathon.event.editions.selectors import AnyUser, is_organizer
from submissions.budget.selectors import open_uploads
from submissions.models import Extension
from submissions.versions import selectors as deposits
from submissions.versions.rules import deposit_period
from teams.models import Team


def get_extension_for(user: AnyUser, pk: int) -> Extension:
    """For the organizers of its edition. Raises `NotFound` for others."""
    extension = get_or_not_found(
        Extension.objects.select_related("team__department__edition", "department__edition"), pk=pk
    )
    if not is_organizer(user, extension.concerned.edition):
        raise NotFound
    return extension


def teams_concerned(extension: Extension) -> list[Team]:
    """One query."""
    teams = Team.objects.select_related("department", "edition")
    if extension.team_id is not None:
        return list(teams.filter(pk=extension.team_id))
    return list(teams.filter(department=extension.department_id))


@dataclass(frozen=True)
class Preview:
    """What an Extension would change. `teams` and `uploads` are numbers, of the teams whose
    deadline moves: the others have a longer Extension. `key` is posted back, and confirms it only.
    """

    extension: Extension
    change: Change  # of a department: without the Extensions of its teams
    grace_ends_at: datetime | None  # None: without a grace
    teams: int
    uploads: int
    key: str

    @property
    def moves(self) -> bool:
        return self.change.before < self.change.to


def preview(edition: Edition, extension: Extension, *, at: datetime) -> Preview:
    """`extension` is not saved. Four queries."""
    teams, deliverable = teams_concerned(extension), extension.deliverable
    periods = deposits.periods_of(edition, teams, deliverable)
    extended = deposit_period(edition, [extension], deliverable)
    to = extended.deadline_at
    moved = [team for team in teams if periods[team.pk].deadline_at < to]
    if extension.team is not None:
        before = periods[extension.team.pk].deadline_at
    else:
        before = deposits.department_period(edition, extension.concerned, deliverable).deadline_at
    uploads = open_uploads(at=at).filter(team__in=moved)
    if deliverable is not None:
        uploads = uploads.filter(deliverable=deliverable)
    return Preview(
        extension=extension,
        change=Change(deliverable.name if deliverable else field_label("deadline_at"), before, to),
        grace_ends_at=extended.grace_ends_at if extended.grace else None,
        teams=len(moved),
        uploads=uploads.count(),
        key=key_of(
            f"{extension.team_id}:{extension.department_id}:{extension.deliverable_id}", before, to
        ),
    )
