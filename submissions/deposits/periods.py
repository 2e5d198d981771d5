"""Reads of the delays granted, and of the windows that they make."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from hackathon.editions.models import Department, Edition
from submissions.deposits import rules
from submissions.deposits.rules import DepositPeriod
from submissions.models import Extension
from teams.models import Team


def period_of(team: Team) -> DepositPeriod:
    """The team's window, its and its department's extensions counted in; one query."""
    return rules.deposit_period(team.edition, _valid_extensions([team]))


def periods_of(edition: Edition, teams: Sequence[Team]) -> dict[int, DepositPeriod]:
    """The window of each of these teams of the edition, by team id; one query."""
    return {
        pk: rules.deposit_period(edition, extensions)
        for pk, extensions in extensions_by_team(teams).items()
    }


def department_period(edition: Edition, department: Department) -> DepositPeriod:
    """The window of a department's team that has no delay of its own; one query."""
    extensions = Extension.objects.filter(department=department, revoked_at=None)
    return rules.deposit_period(edition, extensions)


def _valid_extensions(teams: Sequence[Team]) -> QuerySet[Extension]:
    concerned = Q(team__in=[team.pk for team in teams])
    concerned |= Q(department__in={team.department_id for team in teams})
    return Extension.objects.filter(concerned, revoked_at=None)


def extensions_by_team(teams: Sequence[Team]) -> dict[int, list[Extension]]:
    extensions = list(_valid_extensions(teams))
    return {
        team.pk: [
            e for e in extensions if e.team_id == team.pk or e.department_id == team.department_id
        ]
        for team in teams
    }


def extensions_of(edition: Edition) -> QuerySet[Extension]:
    """Every delay of an edition, revoked ones included, newest first; one query."""
    return Extension.objects.filter(
        Q(team__edition=edition) | Q(department__edition=edition)
    ).select_related("team__department", "department", "granted_by", "revoked_by")
