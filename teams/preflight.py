from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.shortcuts import resolve_url
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.preflight import Problem, Severity, Topic, names, registry
from hackathon.event.editions.models import Edition
from teams.enums import StudentFilter
from teams.models import Team
from teams.selectors.rooms import overfull
from teams.selectors.students import students_of

SHOWN = 10  # problems of one kind; one more line has the number of the others


def _teams(edition: Edition, faults: Iterator[tuple[Team, str]]) -> Iterator[Problem]:
    problems = list(faults)
    for team, text in problems[:SHOWN]:
        yield Problem(text, resolve_url("teams:organized", team.pk), gettext("Ouvrir l’équipe"))
    more = len(problems) - SHOWN
    if more > 0:
        text = ngettext("et {n} autre équipe.", "et {n} autres équipes.", more)
        url = resolve_url("teams:list", edition.slug)
        yield Problem(text.format(n=more), url, gettext("Voir les équipes"))


def _counted(edition: Edition) -> list[Any]:
    """Teams with `members` and `captains`."""
    captains = Count("memberships", filter=Q(memberships__is_captain=True))
    return list(
        Team.objects.filter(edition=edition)
        .annotate(members=Count("memberships"), captains=captains)
        .order_by("department__position", "name")
    )


@registry.check("team.any", Topic.TEAMS, Severity.WARNING, _("Chaque département a des équipes"))
def any_team(edition: Edition, at: datetime) -> Iterator[Problem]:
    if without := names(edition.departments.annotate(count=Count("teams")).filter(count=0)):
        text = gettext("Sans équipe : {departments}.").format(departments=without)
        url = resolve_url("imports:index", edition.slug)
        yield Problem(text, url, gettext("Importer les équipes"))


@registry.check("team.size", Topic.TEAMS, Severity.WARNING, _("Les équipes sont assez grandes"))
def size(edition: Edition, at: datetime) -> Iterator[Problem]:
    few = (team for team in _counted(edition) if team.members < edition.team_size_min)
    yield from _teams(edition, ((team, _too_small(team, edition)) for team in few))


def _too_small(team: Any, edition: Edition) -> str:
    text = ngettext(
        "« {team} » a {n} membre, il en faut au moins {min}.",
        "« {team} » a {n} membres, il en faut au moins {min}.",
        team.members,
    )
    return text.format(team=team, n=team.members, min=edition.team_size_min)


@registry.check(
    "team.captain", Topic.TEAMS, Severity.WARNING, _("Chaque équipe a un ou une capitaine")
)
def captain(edition: Edition, at: datetime) -> Iterator[Problem]:
    text = gettext("« {team} » n’a pas de capitaine.")
    without = ((team, text.format(team=team)) for team in _counted(edition) if not team.captains)
    yield from _teams(edition, without)


@registry.check("team.room", Topic.TEAMS, Severity.WARNING, _("Chaque équipe a une salle"))
def room(edition: Edition, at: datetime) -> Iterator[Problem]:
    if n := sum(not team.room for team in _counted(edition)):
        text = ngettext("%(n)s équipe n’a pas de salle", "%(n)s équipes n’ont pas de salle", n)
        url = resolve_url("teams:rooms", edition.slug)
        yield Problem(f"{text % {'n': n}}.", url, gettext("Placer les équipes"))


@registry.check("room.places", Topic.TEAMS, Severity.WARNING, _("Aucune salle n’a trop de monde"))
def room_places(edition: Edition, at: datetime) -> Iterator[Problem]:
    text = gettext("« {room} » : {taken} personnes pour {places} places.")
    url = resolve_url("teams:rooms", edition.slug)
    for room in overfull(edition):
        said = text.format(room=room.place.name, taken=room.taken, places=room.place.places)
        yield Problem(said, url, gettext("Voir les salles"))


@registry.check(
    "student.without_team", Topic.TEAMS, Severity.WARNING, _("Chaque étudiant a une équipe")
)
def without_team(edition: Edition, at: datetime) -> Iterator[Problem]:
    if n := students_of(edition, which=StudentFilter.WITHOUT_TEAM).count():
        text = ngettext("{n} étudiant sans équipe.", "{n} étudiants sans équipe.", n)
        url = f"{resolve_url('teams:students', edition.slug)}?which={StudentFilter.WITHOUT_TEAM}"
        yield Problem(text.format(n=n), url, gettext("Voir lesquels"))
