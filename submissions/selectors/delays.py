"""Reads of the delays granted, and of the windows that they make."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.http import Http404

from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import AnyUser, is_organizer
from submissions import rules
from submissions.models import Extension
from submissions.rules import DepositWindow
from teams.models import Team


def window_of(team: Team) -> DepositWindow:
    """The team's window, its and its department's extensions counted in; one query."""
    return rules.deposit_window(team.edition, _valid_extensions([team]))


def windows_of(edition: Edition, teams: Sequence[Team]) -> dict[int, DepositWindow]:
    """The window of each of these teams of the edition, by team id; one query."""
    return {
        pk: rules.deposit_window(edition, extensions)
        for pk, extensions in extensions_by_team(teams).items()
    }


def department_window(edition: Edition, department: Department) -> DepositWindow:
    """The window of a department's team that has no delay of its own; one query."""
    extensions = Extension.objects.filter(department=department, revoked_at=None)
    return rules.deposit_window(edition, extensions)


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


def get_extension_for(user: AnyUser, pk: int) -> Extension:
    """A delay, for the organizers of its edition. Raises `Http404` for others."""
    extension = (
        Extension.objects.select_related("team__department__edition", "department__edition")
        .filter(pk=pk)
        .first()
    )
    if extension is None or not is_organizer(user, extension.concerned.edition):
        raise Http404
    return extension


def teams_concerned(extension: Extension) -> list[Team]:
    """The teams whose deadline it moves; one query."""
    teams = Team.objects.select_related("department", "edition")
    if extension.team_id is not None:
        return list(teams.filter(pk=extension.team_id))
    return list(teams.filter(department=extension.department_id))
