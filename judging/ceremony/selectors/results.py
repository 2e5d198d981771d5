from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import results_are_public
from judging.ceremony.selectors.pictures import pictures_among, pictures_of
from judging.ceremony.selectors.state import SpecialPrize, additions, ceremony_state
from judging.deliberation.selectors.decision import Place, places_of
from judging.deliberation.selectors.envelopes import Envelope, envelopes
from judging.models import Award, Deliberation, Nomination
from submissions.enums import DeliverableKind
from submissions.models import Submission
from submissions.versions.selectors import TeamDeposits, deposits_by_team
from teams.enums import Circle
from teams.models import Membership, Team
from teams.rules import common_circle


@dataclass(frozen=True)
class Shown:
    """What the members of a winner let everybody see. `links` have a name and an address."""

    names: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    works: bool = False


@dataclass(frozen=True)
class DepartmentResults:
    department: Department
    places: list[Place]
    nominees: list[Team]
    special: list[SpecialPrize] = field(default_factory=list)
    envelope: Envelope | None = None
    pictures: frozenset[int] = frozenset()  # ids of the winners that have a picture
    shown: dict[int, Shown] = field(default_factory=dict)  # by id of the winner
    brief_title: str = ""  # only on the pages of a published edition

    @property
    def winners(self) -> list[Team]:
        prizes: list[Place | SpecialPrize] = [*self.places, *self.special]
        return list({team.pk: team for prize in prizes for team in prize.teams}.values())

    @property
    def only_nominated(self) -> list[Team]:
        winners = {team.pk for team in self.winners}
        return [team for team in self.nominees if team.pk not in winners]


def published_results(edition: Edition | None, *, at: datetime) -> list[DepartmentResults] | None:
    """None before the publication, without a query: the response time must reveal nothing. Without
    departments that are held back.
    """
    if edition is None or not results_are_public(edition, at=at):
        return None
    awards: dict[int, list[Award]] = defaultdict(list)
    nominees: dict[int, list[Team]] = defaultdict(list)
    published = Deliberation.objects.published(at).filter(department__edition=edition)
    of_published = {"deliberation__in": published}
    for award in Award.objects.filter(**of_published).select_related("team", "deliberation"):
        awards[award.deliberation.department_id].append(award)
    nominations = Nomination.objects.filter(**of_published).select_related("team", "deliberation")
    for nomination in nominations.order_by("team__name"):
        nominees[nomination.deliberation.department_id].append(nomination.team)
    closed = {
        envelope.department.pk: envelope
        for envelope in envelopes(edition, at=at)
        if not envelope.of_nominees
    }
    added = _added_prizes(edition)
    return [
        DepartmentResults(
            department=department,
            places=places_of(awards[department.pk]),
            nominees=nominees[department.pk],
            special=_special_of(awards[department.pk]) + added[department.pk],
            envelope=closed.get(department.pk),
        )
        for department in edition.departments.all()
        if awards[department.pk] or nominees[department.pk] or added[department.pk]
    ]


def results_with_details(
    edition: Edition | None, *, at: datetime
) -> list[DepartmentResults] | None:
    """Four queries more than `published_results`."""
    results = published_results(edition, at=at)
    if not results or edition is None:
        return results
    winners = [team for result in results for team in result.winners]
    deposits = deposits_by_team(edition, winners, at=at) if winners else {}
    shown = _shown_of(winners, deposits)
    pictures = frozenset(pk for pk in pictures_among(deposits) if pk in shown and shown[pk].works)
    return [replace(result, pictures=pictures, shown=shown) for result in results]


def _shown_of(winners: Collection[Team], deposits: Mapping[int, TeamDeposits]) -> dict[int, Shown]:
    """One query. Works are of all members: one of them is enough to keep them away, and so is an
    organizer.
    """
    hidden = {team.pk for team in winners if team.works_hidden_because}
    members: dict[int, list[Membership]] = defaultdict(list)
    memberships = Membership.objects.filter(team__in=winners).select_related("user")
    for member in memberships.order_by("user__name"):
        members[member.team_id].append(member)
    agreed = {
        pk
        for pk, of_team in members.items()
        if pk not in hidden and common_circle(m.shows_works_to for m in of_team) == Circle.EVERYBODY
    }
    return {
        pk: Shown(
            names=[m.user.name for m in of_team if m.shows_name and m.user.name],
            links=_links(deposits[pk]) if pk in agreed else [],
            works=pk in agreed,
        )
        for pk, of_team in members.items()
    }


def _links(deposits: TeamDeposits) -> list[tuple[str, str]]:
    return [
        (status.deliverable.name, status.counting.submission.url)
        for status in deposits.statuses
        if status.counting is not None and status.deliverable.kind == DeliverableKind.LINK
    ]


def get_picture(edition: Edition | None, team_pk: int, *, at: datetime) -> Submission:
    """Raises NotFound until the ceremony has shown the winner or the results are published."""
    if edition is None or not _is_known_winner(edition, team_pk, at=at):
        raise NotFound
    teams = list(Team.objects.filter(edition=edition, pk=team_pk))
    picture = pictures_of(edition, teams, at=at).get(team_pk)
    if picture is None:
        raise NotFound
    return picture


def _is_known_winner(edition: Edition, team_pk: int, *, at: datetime) -> bool:
    if results_are_public(edition, at=at):
        published = Deliberation.objects.published(at).filter(department__edition=edition)
        added = [prize for each in additions(edition) for prize in each.prizes()]
        return (
            any(team.pk == team_pk for prize in added for team in prize.teams)
            or Award.objects.filter(team=team_pk, deliberation__in=published).exists()
        )
    ceremony = ceremony_state(edition)
    return ceremony is not None and team_pk in ceremony.revealed


def held_back_in(edition: Edition) -> list[Department]:
    """Departments of which the results are published later. One query."""
    return list(edition.departments.exclude(held_back_at=None))


def people_of(department: Department) -> tuple[int, int]:
    """Present teams, and their students."""
    teams = Team.objects.filter(department=department).present()
    return teams.count(), Membership.objects.filter(team__in=teams).count()


def _added_prizes(edition: Edition) -> Mapping[int, list[SpecialPrize]]:
    """Of extras, by department of the winners."""
    found: dict[int, list[SpecialPrize]] = defaultdict(list)
    for prize in (prize for each in additions(edition) for prize in each.prizes()):
        for department in {team.department_id for team in prize.teams}:
            teams = [team for team in prize.teams if team.department_id == department]
            found[department].append(replace(prize, teams=teams))
    return found


def _special_of(awards: Iterable[Award]) -> list[SpecialPrize]:
    by_title: dict[str, list[Team]] = defaultdict(list)
    for award in awards:
        if award.rank is None:
            by_title[award.title].append(award.team)
    return [
        SpecialPrize(title, sorted(teams, key=lambda team: team.name))
        for title, teams in sorted(by_title.items())
    ]
