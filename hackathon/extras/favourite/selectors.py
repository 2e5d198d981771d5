"""Nothing here reads the tallies."""

from django.db.models import Count, Q

from hackathon.base.accounts.models import User
from hackathon.base.core.codes import code_digest
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import AnyUser
from hackathon.event.roles import Roles
from hackathon.extras.favourite.models import Favourite, HallBadge, HasVoted
from hackathon.extras.favourite.rules import Voter
from teams.models import Team


def find_favourite(edition: Edition) -> Favourite | None:
    """With the number of valid and of revoked badges. One query."""
    revoked = Count("badges", filter=Q(badges__revoked_at__isnull=False))
    counted = Favourite.objects.annotate(valid=Count("badges") - revoked, revoked=revoked)
    return counted.filter(edition=edition).first()


def is_open(edition: Edition) -> bool:
    """One query."""
    return Favourite.objects.filter(
        edition=edition, opened_at__isnull=False, closed_at=None
    ).exists()


def get_favourite(edition: Edition | None) -> Favourite:
    """Raises `NotFound`."""
    favourites = Favourite.objects.select_related("edition")
    return get_or_not_found(favourites, edition=edition and edition.pk)


def voters(favourite: Favourite | None) -> int:
    """How many have voted until now."""
    if favourite is None or favourite.closed_at:
        return favourite.voters if favourite else 0
    return HasVoted.objects.filter(favourite=favourite).count()


def voter_of(favourite: Favourite, user: AnyUser, roles: Roles, badge: int | None) -> Voter | None:
    """Everybody who has a role in the edition votes with the account; others with a valid badge,
    whose id the session has. One query at most.
    """
    if isinstance(user, User) and roles != Roles():
        own = roles.membership
        return Voter(f"user:{user.pk}", own.team_id if own else None)
    valid = HallBadge.objects.filter(favourite=favourite, revoked_at=None)
    return Voter(f"badge:{badge}") if badge and valid.filter(pk=badge).exists() else None


def find_badge(favourite: Favourite, code: str) -> HallBadge | None:
    """`code` as it was typed."""
    valid = HallBadge.objects.filter(favourite=favourite, revoked_at=None)
    return valid.filter(digest=code_digest(code)).first()


def has_voted(favourite: Favourite, voter: Voter) -> bool:
    return HasVoted.objects.filter(voter=voter.digest(favourite)).exists()


def choices(favourite: Favourite, voter: Voter) -> list[Team]:
    """By department and name. One query."""
    teams = Team.objects.filter(pk__in=favourite.candidates).select_related("department")
    in_order = teams.order_by("department__position", "department__name", "name")
    return [team for team in in_order if team.pk != voter.own_team]
