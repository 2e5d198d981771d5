"""What a person is in an edition, and which audiences of live messages follow from that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from hackathon.accounts.models import User
from hackathon.core import live
from hackathon.editions import selectors as editions_selectors
from hackathon.editions.live import department_audience, jury_audience
from hackathon.editions.models import Edition
from judging.enums import JurorKind
from judging.jury.selectors import juries_of
from judging.live import client_audience
from judging.models import Juror
from teams.live import helpers_audience, team_audience
from teams.models import Duty, Membership
from teams.selectors.calls import duties_of
from teams.selectors.teams import memberships_of


@dataclass(frozen=True)
class Roles:
    """Everything one person is in one edition; several at once are possible."""

    organizer: bool = False
    membership: Membership | None = None
    juries: list[Juror] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)


def roles_of(user: Any, edition: Edition | None) -> Roles:
    """Five queries at most; none for anonymous, for a closed account or without edition."""
    if edition is None or not getattr(user, "is_authenticated", False) or not user.is_active:
        return Roles()
    return roles_of_all([user], edition)[user.pk]


def roles_on(request: HttpRequest) -> Roles:
    """The roles of whoever asks, looked up once a request: for the view and for the shell."""
    if not hasattr(request, "roles"):
        edition = getattr(request, "edition", None)
        request.roles = roles_of(getattr(request, "user", None), edition)  # type: ignore[attr-defined]
    roles: Roles = request.roles  # type: ignore[attr-defined]
    return roles


def roles_of_all(users: Sequence[User], edition: Edition) -> dict[int, Roles]:
    """The roles of each of these active accounts, by primary key. Five queries.

    Three where all are students or organizers: those answer no calls for help, these all.
    """
    organizers = editions_selectors.organizers_among(users, edition)
    memberships = memberships_of(users, edition)
    juries = juries_of(users, edition)
    others = [user for user in users if user.pk not in organizers and user.pk not in memberships]
    duties = duties_of(others, edition)
    return {
        user.pk: Roles(
            organizer=user.pk in organizers,
            membership=memberships.get(user.pk),
            juries=juries.get(user.pk, []),
            duties=duties.get(user.pk, []),
        )
        for user in users
    }


def departments_of(roles: Roles) -> list[int]:
    """The departments somebody belongs to: that of their team, those of their juries."""
    found = [juror.department_id for juror in roles.juries]
    if roles.membership is not None:
        found.append(roles.membership.team.department_id)
    return found


# ---------------------------------------------------------------- audiences

PUBLIC = [live.EVERYONE]


def audiences_of(roles: Roles) -> list[str]:
    """What these roles may hear, each audience once."""
    audiences = [live.EVERYONE]
    if roles.organizer:
        audiences.append(live.ORGANIZERS)
    if roles.membership is not None:
        team = roles.membership.team
        audiences += [department_audience(team.department_id), team_audience(team.pk)]
    for juror in roles.juries:
        audiences += [
            department_audience(juror.department_id),
            jury_audience(juror.department_id),
        ]
        if juror.kind == JurorKind.CLIENT:
            audiences.append(client_audience(juror.department_id))
    audiences += [helpers_audience(duty.kind, duty.department_id) for duty in roles.duties]
    return list(dict.fromkeys(audiences))


def audiences_for(user: Any, edition: Edition | None) -> list[str]:
    """What `user` may hear of `edition`; five queries at most."""
    return audiences_of(roles_of(user, edition))


def live_audiences(users: Sequence[User]) -> dict[int, list[str]]:
    """What the sockets of these active accounts hear, by primary key: of the edition which the
    site shows. Six queries at most, none for nobody.
    """
    edition = Edition.objects.current() if users else None
    if edition is None:
        return {user.pk: PUBLIC for user in users}
    roles = roles_of_all(users, edition)
    return {pk: audiences_of(one) for pk, one in roles.items()}
