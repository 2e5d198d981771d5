"""What decides about a hand-in, read once and in one place, for `rules.begin_refusals` and
`rules.decide`.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.event.editions.selectors import is_organizer
from submissions import hand_ins
from submissions.budget.selectors import with_first_versions
from submissions.models import Deliverable, Extension, Submission, Upload
from submissions.storage import Space
from submissions.versions.rules import DepositFacts, Received
from teams.models import Team

# In the order of `Received`.
COLUMNS = (
    *("pk", "team_id", "deliverable_id", "version"),
    *("begun_at", "received_at", "size", "announced_at"),
)


def lock_team(pk: int) -> Team | None:
    """With edition and department. Until the transaction ends no other hand-in of the team is
    decided, so that two don't get the same number or share one rest of the budget. None if the
    team is gone, with its last member.
    """
    teams = Team.objects.select_for_update(of=("self",)).select_related("edition", "department")
    return teams.filter(pk=pk).first()


def facts_of(
    team: Team,
    deliverable_pk: int,
    *,
    by: User | None = None,
    is_entry: bool = False,
    uploads: Sequence[Upload] = (),
    space: Space | None = None,
) -> DepositFacts:
    """Four queries for few columns: the team is locked meanwhile. Three without `by`, whose right
    the caller has checked; one more per participant of hand-ins. With `space`, at most two more, or
    one of the cache, for another version than the first.
    """
    versions: dict[int, list[Received]] = defaultdict(list)
    for row in Submission.objects.filter(team=team).values_list(*COLUMNS):
        version = Received(*row)
        versions[version.deliverable_id].append(version)
    if space is not None and deliverable_pk in versions:
        space = with_first_versions(space, team.edition)
    return DepositFacts(
        team=team,
        deliverables={d.pk: d for d in Deliverable.objects.filter(department=team.department_id)},
        extensions=list(valid_extensions([team])),
        versions=versions,
        is_entry=is_entry,
        may_hand_in=by is None or _may_hand_in(by, team, is_entry=is_entry),
        uploads=uploads,
        space=space,
        claims=hand_ins.claims_of(team.edition, [team]),
    )


def announced_at_of(upload: Upload) -> datetime | None:
    """When bytes of the size of an upload were announced. A query per participant of hand-ins."""
    claims = hand_ins.claims_of(upload.team.edition, [upload.team])
    waited = hand_ins.waited_for(claims, upload.deliverable_id, size=upload.length)
    return waited[0].at if waited else None


def _may_hand_in(user: User, team: Team, *, is_entry: bool) -> bool:
    if is_entry:
        return is_organizer(user, team.edition)
    return team.memberships.filter(user=user).exists()


def valid_extensions(teams: Sequence[Team]) -> QuerySet[Extension]:
    """Of the teams, and of their departments."""
    of_teams = Q(team__in=[team.pk for team in teams])
    of_departments = Q(department__in={team.department_id for team in teams})
    return Extension.objects.filter(of_teams | of_departments, revoked_at=None)
