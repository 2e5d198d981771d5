"""Audiences as people and programs write them: `everyone`, `department:CODE`, `team:ID`."""

from django.utils.translation import gettext as _

from hackathon.core import live
from hackathon.editions.live import department_audience
from hackathon.editions.models import Department, Edition
from teams.live import team_audience
from teams.models import Team

EVERYONE = "everyone"


class UnknownAudience(ValueError):
    """Nobody in this edition is called so."""


def find(edition: Edition, spoken: str) -> Department | Team:
    """The department or team that is meant; one query. Raises `UnknownAudience` for all else."""
    kind, _separator, key = spoken.partition(":")
    found: Department | Team | None = None
    if kind == "department":
        found = Department.objects.filter(edition=edition, code__iexact=key).first()
    elif kind == "team" and key.isascii() and key.isdigit() and len(key) < 19:
        teams = Team.objects.select_related("department", "edition")
        found = teams.filter(edition=edition, pk=int(key)).first()
    if found is None:
        raise UnknownAudience(spoken)
    return found


def resolve(edition: Edition, spoken: str) -> tuple[str, str]:
    """The audience of `core.live` and its name for people. One query at most.

    Raises `UnknownAudience` for anything that is not a department or a team of `edition`.
    """
    if spoken == EVERYONE:
        return live.EVERYONE, _("Tout le monde")
    found = find(edition, spoken)
    if isinstance(found, Team):
        return team_audience(found.pk), found.name
    return department_audience(found.pk), found.name


type Choices = list[tuple[str, list[tuple[str, str]]]]


def choices(edition: Edition, *, everyone: bool = True) -> Choices:
    """Everything that can be chosen, in groups: all, the departments, the teams. Two queries."""
    departments = edition.departments.all()
    teams = edition.teams.select_related("department").order_by("department__position", "name")
    groups = [(_("Tous"), [(EVERYONE, _("Tout le monde"))])] if everyone else []
    return [
        *groups,
        (_("Départements"), [(f"department:{d.code}", d.name) for d in departments]),
        (_("Équipes"), [(f"team:{t.pk}", f"{t.name} · {t.department.name}") for t in teams]),
    ]


def spoken(audience: str, departments: dict[int, Department]) -> str:
    """The way back: how a stored audience is written, given the edition's departments by id."""
    kind, _separator, key = audience.partition(":")
    if kind == "department" and int(key) in departments:
        return f"department:{departments[int(key)].code}"
    return audience
