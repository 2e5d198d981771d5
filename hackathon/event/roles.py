"""What a user is in an edition, and which audiences of live messages follow from it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection
from django.http import HttpRequest

from hackathon.base.accounts import second_factor
from hackathon.base.accounts.models import User
from hackathon.base.core.views import edition_of
from hackathon.base.live.audiences import (
    DESK,
    EVERYONE,
    ORGANIZERS,
    ROUND,
    client_audience,
    department_audience,
    helpers_audience,
    jury_audience,
    team_audience,
    tutors_audience,
)
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import AnyUser
from judging.enums import JurorKind
from judging.jury.own import own_seats
from judging.jury.selectors import duty_of, juries_of, jury_of
from judging.models import Juror
from teams.enums import HelpKind
from teams.models import Duty, Membership, Team
from teams.own import own_membership
from teams.selectors.calls import entered_duties
from teams.selectors.teams import membership_of, memberships_of

PUBLIC_AUDIENCES = [EVERYONE]

# For each user of an edition: see `InEdition`. Each page that is opened needs it twice, for itself
# and for its socket, and Python needs ten times as long for the same with the ORM.
IN_EDITION = """
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
        ),
        EXISTS (
            SELECT 1 FROM teams_duty duty
            WHERE duty.edition_id = edition.id AND duty.user_id = person.id
        ),
        (
            SELECT colleague.role FROM editions_colleague colleague
            WHERE colleague.edition_id = edition.id AND colleague.user_id = person.id
        )
    FROM editions_edition edition
    CROSS JOIN accounts_user person
    LEFT JOIN teams_membership membership
        ON membership.edition_id = edition.id AND membership.user_id = person.id
    LEFT JOIN teams_team team ON team.id = membership.team_id
    WHERE {edition} AND person.id IN ({users})
"""


class InEdition(NamedTuple):
    """One user. `may_judge`, `may_help`: there are rows of seats, or of duties. `role`: of a
    colleague.
    """

    user: int
    organizes: bool
    team: int | None
    department: int | None
    may_judge: bool
    may_help: bool
    role: str | None

    @property
    def sees(self) -> bool:
        """What organizers see."""
        return self.organizes or self.role == ColleagueRole.READER


@dataclass(frozen=True)
class Roles:
    """One user in one edition. Several roles at once are possible. `organizer`: or reads what
    organizers see, in a request that only reads. `colleague`: the role of one who has less.
    """

    organizer: bool = False
    membership: Membership | None = None
    juries: list[Juror] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    colleague: str | None = None

    @property
    def desk(self) -> bool:
        return self.colleague == ColleagueRole.DESK


def roles_of(user: AnyUser | None, edition: Edition | None) -> Roles:
    """One query, and one for each role that the user has. None without an edition or for an
    anonymous or inactive user.
    """
    return _roles_of(user, edition, membership_of, jury_of)


def roles_of_request(request: HttpRequest) -> Roles:
    if not hasattr(request, "roles"):
        user = getattr(request, "user", None)  # a middleware can fail before there is a user
        # The pages of a team or a jury have read these before.
        request.roles = _roles_of(  # type: ignore[attr-defined]
            user,
            edition_of(request),
            lambda _user, _edition: own_membership(request),
            lambda _user, _edition: own_seats(request),
        )
    roles: Roles = request.roles  # type: ignore[attr-defined]
    return roles


def _roles_of(
    user: AnyUser | None,
    edition: Edition | None,
    membership: Callable[[User, Edition], Membership | None],
    juries: Callable[[User, Edition], list[Juror]],
) -> Roles:
    if edition is None or user is None or not user.is_authenticated or not user.is_active:
        return Roles()
    for row in _in_edition([user.pk], edition):
        organizes = row.organizes or (row.sees and row.role in user.counted_roles())
        role = None if row.organizes or not row.role or not user.may_organize else row.role
        return _roles(
            organizer=organizes and user.may_organize,
            colleague=role,
            membership=membership(user, edition) if row.team else None,
            juries=juries(user, edition) if row.may_judge else [],
            entered=entered_duties([user], edition) if row.may_help else [],
        )
    return Roles()


def roles_of_users(users: Sequence[User], edition: Edition) -> list[Roles]:
    """Of active users, in their order. Four queries; three if all are organizers or are members."""
    memberships, juries = memberships_of(users, edition), juries_of(users, edition)
    pks = {row.user for row in _in_edition([u.pk for u in users], edition) if row.sees}
    organizers = [user.pk in pks and user.may_organize for user in users]
    others = [
        user
        for user, organizer in zip(users, organizers, strict=True)
        if not organizer and user.pk not in memberships
    ]
    entered = defaultdict(list)
    for duty in entered_duties(others, edition) if others else []:
        entered[duty.user_id].append(duty)
    return [
        _roles(
            organizer=organizer,
            membership=memberships.get(user.pk),
            juries=juries.get(user.pk, []),
            entered=entered[user.pk],
        )
        for user, organizer in zip(users, organizers, strict=True)
    ]


def _roles(
    *,
    organizer: bool,
    colleague: str | None = None,
    membership: Membership | None,
    juries: list[Juror],
    entered: Iterable[Duty],
) -> Roles:
    """Organizers and members of a team have no duties."""
    is_free = not organizer and membership is None
    duties = [*entered, *map(duty_of, juries)] if is_free else []
    return Roles(organizer, membership, juries, duties, colleague)


def departments_of(roles: Roles) -> list[int]:
    pks = [juror.department_id for juror in roles.juries]
    if roles.membership is not None:
        pks.append(roles.membership.team.department_id)
    return pks


def tutored(roles: Roles) -> list[int | None]:
    """The departments for whose teams this person answers as a professor; None: for all of them.

    Without those whose jury they are in: what teams say of themselves is not for who marks them.
    """
    judged = {juror.department_id for juror in roles.juries}
    of_teachers = (duty for duty in roles.duties if duty.kind == HelpKind.TEACHER)
    return [d.department_id for d in of_teachers if d.department_id not in judged]


def is_tutor_of(roles: Roles, department_pk: int) -> bool:
    if any(juror.department_id == department_pk for juror in roles.juries):
        return False
    return any(pk in (None, department_pk) for pk in tutored(roles))


# ---------------------------------------------------------------- audiences


def audiences_of(roles: Roles) -> list[str]:
    """The audiences whose live messages these roles receive, each once."""
    audiences = [EVERYONE]
    if roles.organizer:
        audiences.append(ORGANIZERS)
    if roles.desk:
        audiences.append(DESK)
    if roles.membership is not None:
        team = roles.membership.team
        audiences += [
            department_audience(team.department_id),
            team_audience(team.pk),
        ]
    for juror in roles.juries:
        audiences += [
            department_audience(juror.department_id),
            jury_audience(juror.department_id),
        ]
        if juror.kind == JurorKind.CLIENT:
            audiences.append(client_audience(juror.department_id))
    audiences += [helpers_audience(duty.kind, duty.department_id) for duty in roles.duties]
    if roles.duties:
        audiences.append(ROUND)
    audiences += [tutors_audience(pk) for pk in tutored(roles)]
    return list(dict.fromkeys(audiences))


def audiences_for(user: AnyUser | None, edition: Edition | None) -> list[str]:
    """Five queries at most."""
    return audiences_of(roles_of(user, edition))


def audiences_of_users(users: Sequence[User]) -> list[list[str]]:
    """Of active users, in their order, in the current edition. One query; one more if some organize
    it, five more if some of them may judge or help.
    """
    rows = {row.user: row for row in _in_edition([user.pk for user in users])}
    second_factor.look_up(u for u in users if u.pk in rows and rows[u.pk].sees)
    audiences = [_audiences(user, rows.get(user.pk)) for user in users]
    others = [
        place
        for place, user in enumerate(users)
        if (row := rows.get(user.pk)) and (row.may_judge or row.may_help)
    ]
    edition = Edition.objects.current() if others else None
    if edition is not None:
        roles = roles_of_users([users[place] for place in others], edition)
        for place, roles_of_one in zip(others, roles, strict=True):
            audiences[place] = audiences_of(roles_of_one)
    return audiences


def _audiences(user: User, row: InEdition | None) -> list[str]:
    """Of a user without seats and duties. None: in no edition."""
    if row is None:
        return PUBLIC_AUDIENCES
    own = None
    if row.team and row.department:
        own = Membership(team=Team(pk=row.team, department_id=row.department))
    sees, role = row.sees and user.may_organize, None if row.organizes else row.role
    colleague = role if role and user.may_organize else None
    return audiences_of(Roles(organizer=sees, membership=own, colleague=colleague))


def _in_edition(users: Sequence[int], edition: Edition | None = None) -> list[InEdition]:
    """None: the current edition. One query."""
    if not users:
        return []
    statement = IN_EDITION.format(
        edition="edition.id = %s" if edition else "edition.is_current",
        users=", ".join(["%s"] * len(users)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*([edition.pk] if edition else []), *users])
        return [
            InEdition(user, bool(organizes), team, department, bool(judges), bool(helps), role)
            for user, organizes, team, department, judges, helps, role in cursor.fetchall()
        ]
