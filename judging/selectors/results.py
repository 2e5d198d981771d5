"""What everybody may read after publication, and what organizers see before it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from hackathon.editions.models import Department, Edition
from hackathon.editions.rules import results_are_public
from judging import envelope
from judging.models import Award, Deliberation, Nomination
from judging.selectors.deliberation import Place, places_of
from judging.selectors.juries import JuryProgress, progress
from teams.models import Team


@dataclass(frozen=True)
class DepartmentResults:
    """A department's winners and nominees; who wins was named before."""

    department: Department
    places: list[Place]
    nominees: list[Team]

    @property
    def only_named(self) -> list[Team]:
        """Those who were named without winning."""
        winners = {team.pk for place in self.places for team in place.teams}
        return [team for team in self.nominees if team.pk not in winners]


@dataclass(frozen=True)
class PublicationState:
    """What an organizer may know of a jury before publication: how far, never what."""

    jury: JuryProgress
    deliberation: Deliberation | None

    @property
    def department(self) -> Department:
        """Whose."""
        return self.jury.department


def palmares(edition: Edition | None, *, at: datetime) -> list[DepartmentResults] | None:
    """The results by department; None before publication, without asking the database anything,
    so that neither the answer nor its time depends on what has been decided.
    """
    if edition is None or not results_are_public(edition, at=at):
        return None
    awards: dict[int, list[Award]] = defaultdict(list)
    nominees: dict[int, list[Team]] = defaultdict(list)
    locked = {
        "deliberation__department__edition": edition,
        "deliberation__locked_at__isnull": False,
    }
    for award in Award.objects.filter(**locked).select_related("team", "deliberation"):
        awards[award.deliberation.department_id].append(award)
    nominations = Nomination.objects.filter(**locked).select_related("team", "deliberation")
    for nomination in nominations.order_by("team__name"):
        nominees[nomination.deliberation.department_id].append(nomination.team)
    return [
        DepartmentResults(
            department=department,
            places=places_of(awards[department.pk]),
            nominees=nominees[department.pk],
        )
        for department in Department.objects.filter(edition=edition)
        if awards[department.pk] or nominees[department.pk]
    ]


def results_to_seal(deliberation: Deliberation) -> envelope.Results:
    """What goes into the envelope of a deliberation that is being locked. Two queries; no right of
    access here: the service that locks is the only caller.
    """
    department, locked_at = deliberation.department, deliberation.locked_at
    assert locked_at is not None
    awards = list(deliberation.awards.select_related("team"))
    return envelope.results_of(
        edition=department.edition.slug,
        department=department.code,
        locked_at=locked_at,
        nominees=deliberation.nominations.values_list("team__name", flat=True),
        places={place.rank: [t.name for t in place.teams] for place in places_of(awards)},
        special=[(award.title, award.team.name) for award in awards if award.rank is None],
    )


def publication_states(edition: Edition) -> list[PublicationState]:
    """Each department that has teams, with whether and by whom its deliberation is locked."""
    locked = Deliberation.objects.filter(
        department__edition=edition, locked_at__isnull=False
    ).select_related("locked_by")
    by_department = {deliberation.department_id: deliberation for deliberation in locked}
    return [
        PublicationState(jury, by_department.get(jury.department.pk))
        for jury in progress(edition)
        if jury.teams
    ]
