"""Audiences as people and programs write them: `everyone`, `department:CODE`, `team:ID`."""

from django.utils.translation import gettext as _

from hackathon.core import live
from hackathon.editions.models import Department, Edition
from teams.models import Team

EVERYONE = "everyone"


class UnknownAudience(ValueError):
    """Nobody in this edition is called so."""


def resolve(edition: Edition, spoken: str) -> tuple[str, str]:
    """The audience of `core.live` and its name for people. One query at most.

    Raises `UnknownAudience` for anything that is not a department or a team of `edition`.
    """
    kind, _separator, key = spoken.partition(":")
    if spoken == EVERYONE:
        return live.EVERYONE, _("Tout le monde")
    if kind == "department":
        department = Department.objects.filter(edition=edition, code__iexact=key).first()
        if department is not None:
            return live.department_audience(department.pk), department.name
    if kind == "team" and key.isascii() and key.isdigit() and len(key) < 19:
        team = Team.objects.filter(edition=edition, pk=int(key)).first()
        if team is not None:
            return live.team_audience(team.pk), team.name
    raise UnknownAudience(spoken)


def choices(edition: Edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that can be chosen, in groups: all, the departments, the teams. Two queries."""
    departments = edition.departments.all()
    teams = edition.teams.select_related("department")
    return [
        (_("Tous"), [(EVERYONE, _("Tout le monde"))]),
        (_("Départements"), [(f"department:{d.code}", d.name) for d in departments]),
        (_("Équipes"), [(f"team:{t.pk}", f"{t.name} ({t.department.name})") for t in teams]),
    ]


def spoken(audience: str, departments: dict[int, Department]) -> str:
    """The way back: how a stored audience is written, given the edition's departments by id."""
    kind, _separator, key = audience.partition(":")
    if kind == "department" and int(key) in departments:
        return f"department:{departments[int(key)].code}"
    return audience
