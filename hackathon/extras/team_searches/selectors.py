"""People who look for a team, and teams that look for members, while registration is open."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.extras.team_searches.models import Invitation, Search, Wanted
from teams import rules
from teams.models import Membership, Team
from teams.selectors.students import listed_department
from teams.selectors.teams import membership_of


@dataclass(frozen=True)
class Board:
    """What one person sees: students see their department, organizers everything."""

    organizer: bool
    membership: Membership | None
    wanted: str = ""  # of the own team
    own: Search | None = None
    department: Department | None = None  # of a person without a team, if it is recorded
    searches: list[Search] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    invited: frozenset[int] = frozenset()  # primary keys of people
    declined: frozenset[int] = frozenset()  # those of them who don't come
    may_invite: bool = False


def board_for(user: User, edition: Edition, *, at: datetime) -> Board:
    """Nine queries at most. Raises `NotFound` when registration is closed."""
    organizer = is_organizer(user, edition)
    if rules.period_refusal(edition, at=at, organizer=organizer):
        raise NotFound
    searches = searches_of(edition)
    membership = membership_of(user, edition)
    if organizer:
        return Board(True, membership, searches=list(searches), teams=list(teams_looking(edition)))
    if membership is not None:
        team = membership.team
        answers = dict(team.invitations.values_list("user", "declined_at"))
        has_seats = rules.seats_left(edition, team.memberships.count()) > 0
        shown = list(searches.filter(department=team.department_id)) if has_seats else []
        may_invite = membership.is_captain and has_seats
        return Board(
            False,
            membership,
            wanted=wanted_text(team),
            searches=shown,
            invited=frozenset(answers),
            declined=frozenset(user for user, declined_at in answers.items() if declined_at),
            may_invite=may_invite,
        )
    own = searches.filter(user=user).first()
    department = own.department if own else listed_department(user, edition)
    looking = teams_looking(edition)
    if department is not None:
        looking = looking.filter(department=department)
    return Board(False, None, own=own, department=department, teams=list(looking))


def searches_of(edition: Edition) -> QuerySet[Search]:
    """Of people with a name and without a team: an import may have placed them meanwhile."""
    searches = Search.objects.filter(edition=edition, user__is_active=True).exclude(user__name="")
    unplaced = searches.exclude(user__memberships__edition=edition)
    return unplaced.select_related("user", "department")


def teams_looking(edition: Edition) -> QuerySet[Team]:
    """Those with places, the newest line first."""
    with_places = edition.teams.annotate(size=Count("memberships")).filter(
        size__lt=edition.team_size_max
    )
    looking = with_places.filter(wanted__isnull=False).select_related("department", "wanted")
    places = edition.team_size_max - F("size")
    return looking.annotate(places=places).order_by("-wanted__written_at")


def get_search_for(user: User, edition: Edition, pk: int) -> Search:
    """For its author, the teams of its department and organizers."""
    searches = Search.objects.select_related("user", "department")
    search = get_or_not_found(searches, pk=pk, edition=edition)
    membership = membership_of(user, edition)
    of_department = membership and membership.team.department_id == search.department_id
    if search.user_id == user.pk or of_department or is_organizer(user, edition):
        return search
    raise NotFound


def invitations_of(user: User | AnonymousUser, edition: Edition) -> list[Invitation]:
    """Those that wait for an answer. One query."""
    invitations = Invitation.objects.filter(team__edition=edition, user=user.pk, declined_at=None)
    return list(invitations.select_related("team__department", "team__edition"))


def get_invitation_for(user: User, pk: int) -> Invitation:
    invitations = Invitation.objects.select_related("team__department", "team__edition")
    return get_or_not_found(invitations, pk=pk, user=user, declined_at=None)


def wanted_text(team: Team) -> str:
    """Empty: the team looks for no members."""
    row = Wanted.objects.filter(team=team).first()
    return row.text if row else ""
