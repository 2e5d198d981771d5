"""Emergencies are read by organizers and by the two people who are named. The caller sees the own
one.
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.live.fragments import once
from hackathon.event.editions.models import Colleague, Edition
from hackathon.event.editions.selectors import AnyUser
from hackathon.event.roles import Roles
from hackathon.extras.emergency import rules
from hackathon.extras.emergency.models import Emergency, SafetyNotice
from judging.models import Juror
from teams.models import Duty

PEOPLE = ("called_by", "taken_by", "closed_by", "team__department")


def notice_of(edition: Edition) -> SafetyNotice | None:
    return SafetyNotice.objects.filter(edition=edition).select_related("first", "second").first()


def lines_of(edition: Edition) -> list[list[rules.Piece]]:
    """Of the foot of every page. No query until a message about it."""
    notice = once(edition, "safety-notice", notice_of, "safety")
    return rules.lines_of(notice.text) if notice else []


def candidates(edition: Edition) -> "QuerySet[User]":
    """Who can be named: organizers, colleagues and helpers. No other juror."""
    organizers = edition.organizers.through._default_manager.filter(edition=edition)
    colleagues = Colleague.objects.filter(edition=edition).values("user")
    helpers = Duty.objects.filter(edition=edition).values("user")
    jurors = Juror.objects.filter(department__edition=edition).values("user")
    others = Q(pk__in=colleagues) | Q(pk__in=helpers)
    found = Q(pk__in=organizers.values("user")) | others & ~Q(pk__in=jurors)
    return User.objects.filter(found, is_active=True).order_by("name", "email")


def organizers(edition: Edition) -> "QuerySet[User]":
    return edition.organizers.filter(is_active=True)


def named(edition: Edition) -> "QuerySet[User]":
    """At most two. Not who has become a juror since, or has no role any more."""
    notices = SafetyNotice.objects.filter(edition=edition)
    chosen = Q(pk__in=notices.values("first")) | Q(pk__in=notices.values("second"))
    return candidates(edition).filter(chosen)


def told_first(edition: Edition) -> "QuerySet[User]":
    """All organizers if no person is named."""
    return named(edition) if named(edition).exists() else organizers(edition)


def answers(user: User, roles: Roles, edition: Edition) -> bool:
    """One query for who is no organizer."""
    return roles.organizer or named(edition).filter(pk=user.pk).exists()


def answered_edition(user: User, roles: Roles, edition: Edition | None) -> Edition:
    if edition is None or not answers(user, roles, edition):
        raise NotFound
    return edition


def emergencies_of(edition: Edition) -> "QuerySet[Emergency]":
    return Emergency.objects.filter(edition=edition).select_related(*PEOPLE)


def get_emergency(edition: Edition, pk: int) -> Emergency:
    return get_or_not_found(emergencies_of(edition), pk=pk)


def _open(edition: Edition) -> list[Emergency]:
    return list(emergencies_of(edition).filter(closed_at=None))


def shared_open(edition: Edition) -> list[Emergency]:
    """For organizers. No query until a message about them."""
    return once(edition, "emergencies", _open, "emergency team membership")


def own_emergency(user: AnyUser, edition: Edition, *, at: datetime) -> Emergency | None:
    """The last one of this person, while it is open and for an hour after. One query."""
    if not user.is_authenticated:
        return None
    shown = Q(closed_at=None) | Q(closed_at__gt=at - rules.CLOSED_SHOWN)
    return emergencies_of(edition).filter(shown, called_by=user.pk).last()
