from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from hackathon.core.exports import Columns
from hackathon.editions.models import Department
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
