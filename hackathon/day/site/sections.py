"""The pages of the organizers of an edition: sections, each with its tabs."""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hackathon.base.core import extras
from hackathon.base.core.extras import Page, Section
from hackathon.event.editions.models import Edition

PAGES = (
    Page("setup:edition", _("À préparer"), section=Section.PREPARE),
    Page("editions:milestones", _("Horaires"), section=Section.PROGRAM),
    Page("editions:departments", _("Départements et sujets"), section=Section.PROGRAM),
    Page("submissions:deliverables-table", _("Livrables"), section=Section.PROGRAM),
    Page("partners:client-edit", _("Client et partenaires"), section=Section.PROGRAM),
    Page("teams:students", _("Étudiants"), section=Section.PEOPLE),
    Page("teams:list", _("Équipes"), section=Section.PEOPLE),
    Page("teams:rooms", _("Salles"), section=Section.PEOPLE),
    Page("judging:juries", _("Jurys"), section=Section.PEOPLE),
    Page("judging:criteria-table", _("Critères"), section=Section.PROGRAM),
    Page("people:index", _("Personnes"), section=Section.PEOPLE),
    Page("stage:projectors", _("Projecteurs"), section=Section.ROOM),
    Page("judging:program", _("Cérémonie"), section=Section.ROOM),
    Page("printing:index", _("Imprimer"), section=Section.ROOM),
    Page("submissions:archives", _("Dépôts"), section=Section.DAY),
    Page("submissions:extensions", _("Temps accordé"), section=Section.DAY),
    Page("submissions:seals", _("Scellés"), section=Section.DAY),
    Page("questions:canned", _("Réponses toutes prêtes"), section=Section.DAY),
    Page("judging:publish", _("Résultats"), section=Section.AFTER),
    Page("journal:index", _("Journal"), section=Section.AFTER),
    Page("editions:identity", _("Identité"), section=Section.SETTINGS),
    Page("appearance:edit", _("Apparence"), section=Section.SETTINGS),
    Page("setup:state", _("Visibilité"), section=Section.SETTINGS),
    Page("editions:options", _("Options"), section=Section.SETTINGS),
    Page("privacy:index", _("RGPD"), section=Section.SETTINGS),
)
# Addresses below `organisation/` or the edition, without keys, that are not below their tab.
OTHERS = {
    "dupliquer/": "setup:edition",
    "verification/": "setup:edition",
    "calendrier/": "editions:milestones",
    "decaler/": "editions:milestones",
    "sujets/": "editions:departments",
    "livrables/": "submissions:deliverables-table",
    "departements/0/livrables/": "submissions:deliverables-table",
    "departements/0/jury/": "judging:juries",
    "partenaires/": "partners:client-edit",
    "importer/": "teams:students",
    "membres/": "teams:list",
}
RELATIVE = re.compile(r"^.*?/organisation/(?:editions/[^/]+/)?")


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class SectionLink:
    """Leads to its first tab."""

    section: Section
    tabs: list[Tab]

    @property
    def is_current(self) -> bool:
        return any(tab.is_current for tab in self.tabs)


def sections_of(edition: Edition, path: str) -> list[SectionLink]:
    """`path`: of the page that is shown. No query."""
    pages = [*PAGES, *(page for extra in extras.of(edition) for page in extra.pages)]
    urls = {page.url_name: reverse(page.url_name, args=[edition.slug]) for page in pages}
    current = _current(RELATIVE.sub("", path), urls)
    return [
        SectionLink(
            section,
            [
                Tab(str(page.label), urls[page.url_name], page.url_name == current)
                for page in pages
                if page.section == section
            ],
        )
        for section in Section
    ]


def _current(path: str, urls: dict[str, str]) -> str:
    """The URL name of the tab with the longest address that this path begins with."""
    path = re.sub(r"/\d+/", "/0/", path)
    names = OTHERS | {RELATIVE.sub("", url): name for name, url in urls.items()}
    return names[max((each for each in names if path.startswith(each)), key=len)]
