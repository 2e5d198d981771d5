"""Reads of teams, with the right of access built in."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, QuerySet

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound, Refusal
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import is_organizer
from teams import rules
from teams.models import Membership, Team


def membership_of(user: User | AnonymousUser, edition: Edition | None) -> Membership | None:
    """This person's place in the edition, with team, department and edition; one query."""
    if edition is None or not user.is_authenticated:
        return None
    return memberships_of([user], edition).get(user.pk)


def memberships_of(users: Iterable[User], edition: Edition) -> dict[int, Membership]:
    """The places of these people in the edition, by their primary keys; one query."""
    found = Membership.objects.select_related("user", "team__department")
    places = {place.user_id: place for place in found.filter(user__in=users, edition=edition)}
    for place in places.values():
        place.edition = place.team.edition = edition
    return places


def get_team_for(user: User | AnonymousUser, pk: int) -> Team:
    """The team, for its members and the organizers. Raises `NotFound` for everybody else."""
    team = Team.objects.select_related("department", "edition").filter(pk=pk).first()
    if team is None or not user.is_authenticated:
        raise NotFound
    if team.memberships.filter(user=user).exists() or is_organizer(user, team.edition):
        return team
    raise NotFound


def get_membership_for(user: User | AnonymousUser, pk: int) -> Membership:
    """A place in a team, for those who may read that team. Raises `NotFound` for everybody else."""
    membership = Membership.objects.select_related("user", "team").filter(pk=pk).first()
    if membership is None:
        raise NotFound
    membership.team = get_team_for(user, membership.team_id)
    return membership


def members_of(team: Team) -> list[Membership]:
    """The team's members, the captain first; one query."""
    return list(team.memberships.select_related("user"))


def teams_of(edition: Edition) -> QuerySet[Team]:
    """All teams by department and name, their members prefetched (`team.memberships.all()`, with
    the user) and counted (`member_count`); two queries. The caller has checked who asks.
    """
    return (
        Team.objects.filter(edition=edition)
        .select_related("department", "edition")
        .annotate(member_count=Count("memberships"))
        .prefetch_related(
            Prefetch("memberships", Membership.objects.select_related("user")),
        )
        .order_by("department__position", "department__name", "name")
    )


@dataclass(frozen=True)
class TeamLine:
    """A team in the organizers' list."""

    team: Team
    members: list[Membership]
    missing: int
    seats_left: int


@dataclass(frozen=True)
class DepartmentTeams:
    """The teams of one department; how many students are in them, how many are too small."""

    department: Department
    lines: list[TeamLine]
    students: int
    incomplete: int


def by_department(edition: Edition) -> list[DepartmentTeams]:
    """`teams_of`, grouped; departments without a team come with an empty list. Three queries."""
    lines: defaultdict[int, list[TeamLine]] = defaultdict(list)
    for team in teams_of(edition):
        lines[team.department_id].append(line_of(team, list(team.memberships.all())))
    return [
        DepartmentTeams(
            department=department,
            lines=lines[department.pk],
            students=sum(len(line.members) for line in lines[department.pk]),
            incomplete=sum(line.missing > 0 for line in lines[department.pk]),
        )
        for department in edition.departments.all()
    ]


def line_of(team: Team, members: list[Membership]) -> TeamLine:
    """The team with these members, and what its edition's sizes say of it."""
    return TeamLine(
        team=team,
        members=members,
        missing=rules.members_missing(team.edition, len(members)),
        seats_left=rules.seats_left(team.edition, len(members)),
    )


def normal_code(typed: str) -> str:
    """A join code as it is stored, however it was typed: « kx4-p9t », « KX4 P9T »."""
    return re.sub(r"[^A-Z0-9]", "", typed.upper())


def team_by_code(edition: Edition, code: str) -> Team | None:
    """The team with this join code. Whoever knows the code may know the team's name."""
    return (
        Team.objects.select_related("department", "edition")
        .filter(edition=edition, join_code=normal_code(code))
        .first()
    )


def joining_refusal(team: Team, user: User, at: datetime) -> Refusal | None:
    """What joining would answer now: the page says it before anybody presses the button."""
    return rules.join_refusal(
        team,
        members=team.memberships.count(),
        edition=team.edition,
        membership=membership_of(user, team.edition),
        at=at,
        organizer=is_organizer(user, team.edition),
    )
