from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from hackathon.base.accounts.models import User
from hackathon.base.core.codes import normal_code
from hackathon.base.core.errors import NotFound, Refusal
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import is_organizer
from teams import rules
from teams.models import Membership, Removal, Team, TeamNote


def membership_of(user: User | AnonymousUser, edition: Edition | None) -> Membership | None:
    """With team, department and edition. One query."""
    if edition is None or not user.is_authenticated:
        return None
    return memberships_of([user], edition).get(user.pk)


def removal_of(user: User | AnonymousUser, edition: Edition | None) -> Removal | None:
    """One query."""
    if edition is None or not user.is_authenticated:
        return None
    return Removal.objects.filter(edition=edition, user=user).first()


def get_membership_of(user: User | AnonymousUser, edition: Edition | None) -> Membership:
    membership = membership_of(user, edition)
    if membership is None:
        raise NotFound
    return membership


def memberships_of(users: Iterable[User], edition: Edition) -> dict[int, Membership]:
    """By primary key of the user. One query."""
    by_pk = {user.pk: user for user in users}
    rows = Membership.objects.select_related("team__department")
    memberships = {m.user_id: m for m in rows.filter(user__in=list(by_pk), edition=edition.pk)}
    for pk, membership in memberships.items():
        membership.user = by_pk[pk]
        membership.edition = membership.team.edition = edition
    return memberships


def get_team_for(user: User | AnonymousUser, pk: int) -> Team:
    team = get_or_not_found(Team.objects.select_related("department", "edition"), pk=pk)
    if not user.is_authenticated:
        raise NotFound
    if team.memberships.filter(user=user).exists() or is_organizer(user, team.edition):
        return team
    raise NotFound


def get_organized_team(user: User | AnonymousUser, pk: int) -> Team:
    """For the organizers of its edition. Raises `NotFound` for others, its members included."""
    team = get_or_not_found(Team.objects.select_related("department", "edition"), pk=pk)
    if not is_organizer(user, team.edition):
        raise NotFound
    return team


def get_membership_for(user: User | AnonymousUser, pk: int) -> Membership:
    membership = get_or_not_found(Membership.objects.select_related("user", "team"), pk=pk)
    membership.team = get_team_for(user, membership.team_id)
    return membership


def get_note(team: Team, pk: int) -> TeamNote:
    return get_or_not_found(TeamNote.objects.select_related("team__edition"), team=team, pk=pk)


def notes_of(team: Team) -> list[TeamNote]:
    """For organizers only. One query."""
    return list(team.notes.select_related("written_by"))


def members_of(team: Team) -> list[Membership]:
    """The captain first. One query."""
    return list(team.memberships.select_related("user"))


@dataclass(frozen=True)
class TeamLine:
    team: Team
    members: list[Membership]
    missing: int
    seats_left: int

    @property
    def size(self) -> int:
        return len(self.members)


def line_of(team: Team, members: list[Membership]) -> TeamLine:
    return TeamLine(
        team=team,
        members=members,
        missing=rules.members_missing(team.edition, len(members)),
        seats_left=rules.seats_left(team.edition, len(members)),
    )


def team_by_code(edition: Edition, code: str) -> Team | None:
    """No right is needed: the code is the right to see the team's name."""
    return (
        Team.objects.select_related("department", "edition")
        .filter(edition=edition, join_code=normal_code(code))
        .first()
    )


def joining_refusal(team: Team, user: User, at: datetime) -> Refusal | None:
    """The refusal that joining would get now, to be shown before the button is pressed."""
    return rules.join_refusal(
        team,
        members=team.memberships.count(),
        edition=team.edition,
        membership=membership_of(user, team.edition),
        at=at,
        organizer=is_organizer(user, team.edition),
    )
