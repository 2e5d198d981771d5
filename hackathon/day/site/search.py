"""One search for the organizers of an edition: teams, people, rooms and pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.core.typography import plain_letters
from hackathon.day.site.sections import sections_of
from hackathon.event.editions.models import Edition
from hackathon.event.people.selectors import people_of
from teams.models import Team

MOST = 8
# What else people type for a page.
WORDS = {
    "setup:edition": gettext_lazy("vérification check-list prêt"),
    "editions:milestones": gettext_lazy("calendrier date heure échéance décaler reporter neige"),
    "editions:departments": gettext_lazy("brief énoncé pièces jointes"),
    "submissions:deliverables-table": gettext_lazy("fichiers format taille"),
    "partners:client-edit": gettext_lazy("entreprise logo sponsor"),
    "teams:students": gettext_lazy("importer liste fichier inscrire inviter"),
    "teams:rooms": gettext_lazy("placement étage plan"),
    "judging:juries": gettext_lazy("jurés tablettes badges plan lectures"),
    "judging:criteria-table": gettext_lazy("barème coefficient note grille"),
    "people:index": gettext_lazy("organisateurs comptes adresses e-mail inviter droits"),
    "stage:projectors": gettext_lazy("écran vidéoprojecteur amphithéâtre"),
    "judging:program": gettext_lazy("présentations passages remise des prix télécommande"),
    "printing:index": gettext_lazy("badges affiches étiquettes PDF"),
    "submissions:archives": gettext_lazy("télécharger ZIP versions reçus"),
    "submissions:extensions": gettext_lazy("délai minutes retard prolonger"),
    "judging:publish": gettext_lazy("palmarès gagnants publier annoncer"),
    "appearance:edit": gettext_lazy("logo couleur nom thème règles signature"),
    "setup:state": gettext_lazy("ouvrir fermer publier brouillon"),
    "editions:options": gettext_lazy("fonctions activer"),
    "privacy:index": gettext_lazy("données personnelles effacer droit"),
    "journal:index": gettext_lazy("historique qui quand"),
}
# Pages that are no tab: with the edition in their address, and without.
BESIDE = {
    "operations:server": gettext_lazy("Serveur"),
    "editions:clone": gettext_lazy("Dupliquer pour l’an prochain"),
    "editions:day-move": gettext_lazy("Décaler toute la journée"),
}
EVERYWHERE = {
    "control_room:control": gettext_lazy("Pilotage"),
    "teams:queue": gettext_lazy("Appels"),
    "questions:queue": gettext_lazy("Questions"),
    "announcements:list": gettext_lazy("Annonces"),
    "announcements:new": gettext_lazy("Annoncer"),
    "stage:projector": gettext_lazy("Écran"),
    "editions:list": gettext_lazy("Toutes les éditions"),
}


@dataclass(frozen=True)
class Found:
    """`words`: what it is found by, besides its label and detail."""

    label: str
    url: str
    detail: str = ""
    words: str = ""


@dataclass(frozen=True)
class Group:
    label: str
    icon: str
    found: list[Found]


def search(edition: Edition, text: str) -> list[Group]:
    """Two queries, none without a text: all pages then. Accents and capitals don't count."""
    words = _plain(text).split()
    pages = Group(_("Pages"), "layout-dashboard", _fitting(_pages(edition), words))
    if not words:
        return [pages]
    teams = list(edition.teams.select_related("department").order_by("name"))
    groups = [
        Group(_("Équipes"), "users", _fitting(map(_team, teams), words)[:MOST]),
        Group(_("Personnes"), "user", _fitting(_people(edition), words)[:MOST]),
        Group(_("Salles"), "map-pin", _fitting(_rooms(edition, teams), words)[:MOST]),
        pages,
    ]
    return [group for group in groups if group.found]


def _fitting(candidates: Iterable[Found], words: list[str]) -> list[Found]:
    """Those with all words; those whose label begins with the first one come first."""
    fitting = [
        each
        for each in candidates
        if all(word in _plain(f"{each.label} {each.detail} {each.words}") for word in words)
    ]
    return sorted(fitting, key=lambda each: not _plain(each.label).startswith(tuple(words[:1])))


def _plain(text: str) -> str:
    return plain_letters(text).casefold().replace("’", "'")


def _team(team: Team) -> Found:
    detail = " · ".join(filter(None, [team.department.code, team.room]))
    return Found(team.name, reverse("teams:organized", args=[team.pk]), detail, team.join_code)


def _people(edition: Edition) -> Iterable[Found]:
    for pk, name, email in people_of(edition).values_list("pk", "name", "email"):
        url = reverse("people:detail", args=[edition.slug, pk])
        yield Found(name or email, url, email if name else "")


def _rooms(edition: Edition, teams: list[Team]) -> Iterable[Found]:
    for room in sorted({team.room for team in teams if team.room}):
        names = ", ".join(team.name for team in teams if team.room == room)
        yield Found(room, reverse("teams:list", args=[edition.slug], query={"q": room}), names)


def _pages(edition: Edition) -> Iterable[Found]:
    words = {reverse(name, args=[edition.slug]): str(text) for name, text in WORDS.items()}
    for link in sections_of(edition, ""):
        for tab in link.tabs:
            yield Found(tab.label, tab.url, str(link.section.label), words.get(tab.url, ""))
    for name, label in BESIDE.items():
        yield Found(str(label), reverse(name, args=[edition.slug]))
    if edition.is_current:
        for name, label in EVERYWHERE.items():
            yield Found(str(label), reverse(name))
