"""Reads of teams, with the right of access built in."""

import re
from dataclasses import dataclass
from itertools import groupby

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import is_organizer
from teams import rules
from teams.models import Membership, Team


def membership_of(user: User | AnonymousUser, edition: Edition | None) -> Membership | None:
    """This person's place in the edition, with team, department and edition; one query."""
    if edition is None or not user.is_authenticated:
        return None
    return (
        Membership.objects.select_related("user", "team__department", "edition")
        .filter(user=user, edition=edition)
        .first()
    )


def get_team_for(user: User | AnonymousUser, pk: int) -> Team:
    """The team, for its members and the organizers. Raises `Http404` for everybody else."""
    team = Team.objects.select_related("department", "edition").filter(pk=pk).first()
    if team is None or not user.is_authenticated:
        raise Http404
    if team.memberships.filter(user=user).exists() or is_organizer(user, team.edition):
        return team
    raise Http404


def get_membership_for(user: User | AnonymousUser, pk: int) -> Membership:
    """A place in a team, for those who may read that team. Raises `Http404` for everybody else."""
    membership = Membership.objects.select_related("user", "team").filter(pk=pk).first()
    if membership is None:
        raise Http404
    membership.team = get_team_for(user, membership.team_id)
    return membership


def members_of(team: Team) -> list[Membership]:
    """The team's members, the captain first; one query."""
    return list(team.memberships.select_related("user"))


def teams_of(edition: Edition) -> QuerySet[Team]:
    """All teams by department and name, each with its members (`members`, a list) and their number
    (`member_count`); two queries. The caller has checked who asks.
    """
    members = Prefetch("memberships", Membership.objects.select_related("user"), to_attr="members")
    return (
        Team.objects.filter(edition=edition)
        .select_related("department", "edition")
        .annotate(member_count=Count("memberships"))
        .prefetch_related(members)
        .order_by("department__position", "department__name", "name")
    )


@dataclass(frozen=True)
class DepartmentTeams:
    """The teams of one department, and how many students are in them."""

    department: Department
    teams: list[Team]
    students: int
    incomplete: int


def by_department(edition: Edition) -> list[DepartmentTeams]:
    """`teams_of`, grouped; departments without a team come with an empty list. Three queries."""
    grouped = {
        pk: list(teams)
        for pk, teams in groupby(teams_of(edition), key=lambda team: team.department_id)
    }
    return [
        DepartmentTeams(
            department=department,
            teams=(teams := grouped.get(department.pk, [])),
            students=sum(team.member_count for team in teams),
            incomplete=sum(1 for t in teams if rules.members_missing(edition, t.member_count)),
        )
        for department in edition.departments.all()
    ]


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
