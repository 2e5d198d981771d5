"""How forms and the API write an audience: `everyone`, `department:CODE`, `team:ID`."""

from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.live.audiences import EVERYONE, department_audience, team_audience
from hackathon.event.editions.models import Department, Edition
from judging.models import Juror
from teams.models import Membership, Team


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


def people_in(edition: Edition) -> dict[str, str]:
    """« 399 étudiants et 30 jurés », by audience: everyone, and each department. Three queries."""
    members = Counter(
        Membership.objects.filter(edition=edition, user__is_active=True).values_list(
            "team__department", flat=True
        )
    )
    seated = Juror.objects.seated().filter(department__edition=edition, user__is_active=True)
    jurors = set(seated.values_list("department", "user"))
    departments = edition.departments.values_list("pk", flat=True)
    people = {
        department_audience(pk): _people(members[pk], sum(d == pk for d, _user in jurors))
        for pk in departments
    }
    everybody = _people(members.total(), len({user for _department, user in jurors}))
    return {EVERYONE: everybody, **people}


def _people(students: int, jurors: int) -> str:
    texts = [ngettext("{n} étudiant", "{n} étudiants", students).format(n=students)]
    if jurors:
        texts.append(ngettext("{n} juré", "{n} jurés", jurors).format(n=jurors))
    return _(" et ").join(texts)


type Choices = list[tuple[str, list[tuple[str, str]]]]


def choices(edition: Edition) -> Choices:
    departments, people = edition.departments.all(), people_in(edition)
    teams = edition.teams.select_related("department").order_by("department__position", "name")
    return [
        (_("Tous"), [(EVERYONE, f"{_('Tout le monde')} : {people[EVERYONE]}")]),
        (
            _("Départements"),
            [
                (f"department:{d.code}", f"{d.name} : {people[department_audience(d.pk)]}")
                for d in departments
            ],
        ),
        (_("Équipes"), [(f"team:{t.pk}", f"{t.name} · {t.department.name}") for t in teams]),
    ]
