from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.exports import Columns
from hackathon.base.core.formats import date_text, ordinal
from hackathon.event.editions.models import Department
from judging.ceremony.selectors.editions import EditionRecord
from judging.ceremony.selectors.results import DepartmentResults
from teams.models import Team


@dataclass(frozen=True)
class Prize:
    """A place, or a special prize with a title."""

    department: Department
    team: Team
    rank: int | None = None
    title: str = ""
    names: str = ""  # of the members who have agreed


PRIZES: Columns = [
    (_("Département"), lambda prize: prize.department.name),
    (_("Rang"), lambda prize: prize.rank),
    (_("Prix spécial"), lambda prize: prize.title),
    (_("Équipe"), lambda prize: prize.team.name),
    (_("Projet"), lambda prize: prize.team.project),
]
PRIZES_WITH_NAMES: Columns = [*PRIZES, (_("Membres"), lambda prize: prize.names)]


def prizes_of(results: Iterable[DepartmentResults]) -> Iterator[Prize]:
    for result in results:
        names = {pk: ", ".join(shown.names) for pk, shown in result.shown.items()}
        for place in result.places:
            for team in place.teams:
                yield Prize(result.department, team, place.rank, names=names.get(team.pk, ""))
        for special in result.special:
            for team in special.teams:
                yield Prize(
                    result.department, team, title=special.title, names=names.get(team.pk, "")
                )


def press_text(record: EditionRecord, address: str) -> str:
    """What the press page says, in the active language and time zone. `address`: of the record."""
    edition = record.edition
    nth = gettext("%(nth)s édition") % {"nth": ordinal(edition.number)} if edition.number else ""
    day = date_text(edition.starts_at, "l j F Y")
    facts = [
        (gettext("Client"), edition.client if record.client_page else ""),
        (gettext("Partenaires"), ", ".join(partner.name for partner in record.partners)),
        (gettext("Où"), edition.place),
        (gettext("Équipes"), record.teams),
        (gettext("Participants"), record.students),
        (gettext("Contact"), edition.contact),
        (gettext("Palmarès"), address),
    ]
    parts = [
        [edition.name, " · ".join(filter(None, [strip_tags(nth), day, edition.school]))],
        [
            gettext(
                "Un client, un sujet, une journée : chaque équipe rend un projet,"
                " que des jurys départagent le lendemain."
            )
        ],
        [f"{label} : {value}" for label, value in facts if value],
        *(_department_lines(result) for result in record.results),
        *([each.name.upper(), gettext("Résultats publiés plus tard")] for each in record.held_back),
        [edition.story] if edition.story else [],
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _department_lines(result: DepartmentResults) -> list[str]:
    lines = [result.department.name.upper()]
    if result.brief_title:
        lines.append(gettext("Sujet : %(title)s") % {"title": result.brief_title})
    prizes = list(prizes_of([result]))
    winners = Counter((prize.rank, prize.title) for prize in prizes)
    for prize in prizes:
        name = prize.title
        if prize.rank:
            name = strip_tags(gettext("%(nth)s prix") % {"nth": ordinal(prize.rank)})
        if winners[prize.rank, prize.title] > 1:
            name += " " + gettext("ex æquo")
        project = f", {prize.team.project}" if prize.team.project else ""
        names = f" ({prize.names})" if prize.names else ""
        lines.append(f"{name} : {prize.team.name}{project}{names}")
    if result.only_nominated:
        nominated = ", ".join(team.name for team in result.only_nominated)
        lines.append(f"{gettext('Aussi nommées :')} {nominated}")
    return lines
