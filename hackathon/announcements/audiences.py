"""How forms and the API write an audience: `everyone`, `department:CODE`, `team:ID`."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from hackathon.editions.models import Department, Edition
from hackathon.live.audiences import EVERYONE, department_audience, team_audience
from teams.models import Team


class UnknownAudience(ValueError):
    pass


def find(edition: Edition, text: str) -> Department | Team:
    """Raises `UnknownAudience`. One query."""
    kind, _separator, key = text.partition(":")
    target: Department | Team | None = None
    if kind == "department":
        target = Department.objects.filter(edition=edition, code__iexact=key).first()
    elif kind == "team" and key.isascii() and key.isdigit() and len(key) < 19:
        teams = Team.objects.select_related("department", "edition")
        target = teams.filter(edition=edition, pk=int(key)).first()
    if target is None:
        raise UnknownAudience(text)
    return target


def resolve(edition: Edition, text: str) -> tuple[str, str]:
    """The audience (`live.audiences`) and its name. Raises `UnknownAudience`. One query at most."""
    if text == EVERYONE:
        return EVERYONE, _("Tout le monde")
    target = find(edition, text)
    if isinstance(target, Team):
        return team_audience(target.pk), target.name
    return department_audience(target.pk), target.name


def department_codes(edition: Edition) -> dict[int, str]:
    return dict(edition.departments.values_list("pk", "code"))


def written(audience: str, codes: Mapping[int, str]) -> str:
    """The inverse of `resolve`. `codes` maps ids of departments to their codes."""
    kind, _separator, key = audience.partition(":")
    if kind == "department" and int(key) in codes:
        return f"department:{codes[int(key)]}"
    return audience


type Choices = list[tuple[str, list[tuple[str, str]]]]


def choices(edition: Edition) -> Choices:
    departments = edition.departments.all()
    teams = edition.teams.select_related("department").order_by("department__position", "name")
    return [
        (_("Tous"), [(EVERYONE, _("Tout le monde"))]),
        (_("Départements"), [(f"department:{d.code}", d.name) for d in departments]),
        (_("Équipes"), [(f"team:{t.pk}", f"{t.name} · {t.department.name}") for t in teams]),
    ]
