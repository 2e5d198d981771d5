"""What a user is in an edition, and which audiences of live messages follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.http import HttpRequest

from hackathon.accounts.models import User
from hackathon.accounts.second_factor import must_be_given
from hackathon.core import live
from hackathon.core.views import edition_of
from hackathon.editions.models import Edition
from hackathon.editions.selectors import AnyUser, organizers_among
from judging.enums import JurorKind
from judging.jury.own import own_seats
from judging.jury.selectors import juries_of
from judging.models import Juror
from teams.models import Duty, Membership, Team
from teams.own import own_membership
from teams.selectors.calls import duties_of
from teams.selectors.teams import memberships_of

PUBLIC_AUDIENCES = [live.EVERYONE]

# For each user: whether they organize the edition that the site shows, their team there and its
# department, and whether they may have other roles. Each page that is opened needs it for its
# socket, and Python needs ten times as long for the same with the ORM.
IN_CURRENT_EDITION = """
    SELECT person.id,
        person.is_superuser OR EXISTS (
            SELECT 1 FROM editions_edition_organizers organizer
            WHERE organizer.edition_id = edition.id AND organizer.user_id = person.id
        ),
        team.id, team.department_id,
        EXISTS (
            SELECT 1 FROM judging_juror juror
            JOIN editions_department department ON department.id = juror.department_id
            WHERE department.edition_id = edition.id AND juror.user_id = person.id
        ) OR EXISTS (
            SELECT 1 FROM teams_duty duty
            WHERE duty.edition_id = edition.id AND duty.user_id = person.id
        )
    FROM editions_edition edition
    CROSS JOIN accounts_user person
    LEFT JOIN teams_membership membership
        ON membership.edition_id = edition.id AND membership.user_id = person.id
    LEFT JOIN teams_team team ON team.id = membership.team_id
    WHERE edition.is_current AND person.id IN ({users})
"""


@dataclass(frozen=True)
class Roles:
    """One user in one edition. Several roles at once are possible."""

    organizer: bool = False
    membership: Membership | None = None
    juries: list[Juror] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)


def roles_of(user: AnyUser | None, edition: Edition | None) -> Roles:
    """Six queries at most; none without an edition or for an anonymous or inactive user."""
    if edition is None or user is None or not user.is_authenticated or not user.is_active:
        return Roles()
    return roles_of_users([user], edition)[user.pk]


def roles_of_request(request: HttpRequest) -> Roles:
    if not hasattr(request, "roles"):
        user = getattr(request, "user", None)  # a middleware can fail before there is a user
        edition, found = edition_of(request), Roles()
        if edition is not None and user is not None and user.is_authenticated and user.is_active:
            own = own_membership(request)  # read before by the pages of a team
            memberships = {user.pk: own} if own else {}
            juries = {user.pk: own_seats(request)}  # by those of a jury
            found = _roles_of([user], edition, memberships, juries)[user.pk]
        request.roles = found  # type: ignore[attr-defined]
    roles: Roles = request.roles  # type: ignore[attr-defined]
    return roles


def roles_of_users(users: Sequence[User], edition: Edition) -> dict[int, Roles]:
    """By primary key, of active users. Six queries; three if all are organizers or are members and
    no jurors.
    """
    return _roles_of(users, edition, memberships_of(users, edition), juries_of(users, edition))


def _roles_of(
    users: Sequence[User],
    edition: Edition,
    memberships: Mapping[int, Membership],
    juries: Mapping[int, list[Juror]],
) -> dict[int, Roles]:
    organizers = organizers_among(users, edition)
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
    found = [juror.department_id for juror in roles.juries]
    if roles.membership is not None:
        found.append(roles.membership.team.department_id)
    return found


# ---------------------------------------------------------------- audiences


def audiences_of(roles: Roles) -> list[str]:
    """The audiences whose live messages these roles receive, each once."""
    audiences = [live.EVERYONE]
    if roles.organizer:
        audiences.append(live.ORGANIZERS)
    if roles.membership is not None:
        team = roles.membership.team
        audiences += [live.department_audience(team.department_id), live.team_audience(team.pk)]
    for juror in roles.juries:
        audiences += [
            live.department_audience(juror.department_id),
            live.jury_audience(juror.department_id),
        ]
        if juror.kind == JurorKind.CLIENT:
            audiences.append(live.client_audience(juror.department_id))
    audiences += [live.helpers_audience(duty.kind, duty.department_id) for duty in roles.duties]
    return list(dict.fromkeys(audiences))


def without_organizers(audiences: Iterable[str]) -> list[str]:
    return [audience for audience in audiences if audience != live.ORGANIZERS]


def audiences_of_request(request: HttpRequest) -> list[str]:
    """Those of the sockets of this browser: without the organizers', as long as a second factor is
    asked for. At most one query in addition to those of the roles.
    """
    roles = roles_of_request(request)
    audiences = audiences_of(roles)
    is_held_back = roles.organizer and must_be_given(request)
    return without_organizers(audiences) if is_held_back else audiences


def audiences_for(user: AnyUser | None, edition: Edition | None) -> list[str]:
    """Five queries at most."""
    return audiences_of(roles_of(user, edition))


def audiences_of_users(users: Iterable[User]) -> dict[int, list[str]]:
    """By primary key, of active users, in the current edition. One query; six more if some of them
    may judge or help.
    """
    by_pk = {user.pk: user for user in users}
    found = dict.fromkeys(by_pk, PUBLIC_AUDIENCES)
    others = []
    for pk, organizes, team, department, may_be_more in _in_current_edition(list(by_pk)):
        if may_be_more:
            others.append(by_pk[pk])
            continue
        own = Team(pk=team, department_id=department) if team else None
        roles = Roles(organizer=bool(organizes), membership=Membership(team=own) if own else None)
        found[pk] = audiences_of(roles)
    edition = Edition.objects.current() if others else None
    if edition is not None:
        roles_of_others = roles_of_users(others, edition)
        found |= {pk: audiences_of(roles) for pk, roles in roles_of_others.items()}
    return found


def _in_current_edition(users: Sequence[int]) -> list[tuple[Any, ...]]:
    if not users:
        return []
    statement = IN_CURRENT_EDITION.format(users=", ".join(["%s"] * len(users)))
    with connection.cursor() as cursor:
        cursor.execute(statement, users)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
