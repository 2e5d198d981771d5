"""Who is in a team. Every verb locks the team's row first, then counts."""

from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.accounts.selectors import find_by_email
from hackathon.core import journal, live
from hackathon.core.errors import Refused, check, refuse
from hackathon.editions.models import Edition
from hackathon.editions.selectors import is_organizer
from teams import rules
from teams.errors import TeamRefusal
from teams.live import membership_changed
from teams.models import Membership, Team
from teams.selectors.teams import membership_of, normal_code, team_by_code
from teams.services.teams import erase, locked, seat


@transaction.atomic
def join(team: Team, *, by: User, at: datetime, user: User | None = None) -> Membership:
    """Take a seat in `team`, for `by`, or for `user` when an organizer puts them there.

    Locks the team, then counts: of two who want the last seat one gets it. Raises `Refused`.
    """
    user = user or by
    team = locked(team)
    edition = team.edition
    organizer = is_organizer(by, edition)
    if user != by and not organizer:
        raise Refused(refuse(TeamRefusal.NOT_ORGANIZER))
    members = team.memberships.count()
    held = membership_of(user, edition)
    check(
        rules.join_refusal(
            team, members=members, edition=edition, membership=held, at=at, organizer=organizer
        )
    )
    membership = seat(team, user, at=at, is_captain=members == 0)
    journal.record("membership.joined", team, by=by, at=at, user=user.pk)
    membership_changed(team, at=at)
    live.refresh_rights(user.pk)
    return membership


def join_by_code(edition: Edition, code: str, *, by: User, at: datetime) -> Membership:
    """Join the team with this code, however it is typed. Raises `Refused`."""
    team = team_by_code(edition, code)
    if team is None:
        raise Refused(refuse(TeamRefusal.CODE_UNKNOWN, join_code=normal_code(code)))
    return join(team, by=by, at=at)


def add_by_email(team: Team, email: str, *, by: User, at: datetime) -> Membership:
    """Put the person with this address into the team; organizers only. Raises `Refused`.

    Who may not add anybody does not learn whether the address has an account.
    """
    if not is_organizer(by, team.edition):
        raise Refused(refuse(TeamRefusal.NOT_ORGANIZER))
    user = find_by_email(email)
    if user is None:
        raise Refused(refuse(TeamRefusal.ACCOUNT_UNKNOWN, email=email.strip()))
    return join(team, by=by, at=at, user=user)


@transaction.atomic
def leave(membership: Membership, *, by: User, at: datetime) -> None:
    """Give one's own seat up. The last member who leaves dissolves the team. Raises `Refused`."""
    team = locked(membership.team)
    membership = _still_there(membership)
    if membership.user_id != by.pk:
        raise Refused(refuse(TeamRefusal.NOT_MEMBER))
    edition = team.edition
    members = team.memberships.count()
    organizer = is_organizer(by, edition)
    check(
        rules.leave_refusal(
            membership, members=members, edition=edition, at=at, organizer=organizer
        )
    )
    journal.record("membership.left", team, by=by, at=at, user=membership.user_id)
    _free(membership, team, members=members, by=by, at=at)


@transaction.atomic
def remove(membership: Membership, *, by: User, at: datetime) -> None:
    """Take somebody out of their team: its captain while registration is open, or an organizer.

    When an organizer takes the captain out, the longest-standing member becomes captain.
    Raises `Refused`.
    """
    team = locked(membership.team)
    membership = _still_there(membership)
    edition = team.edition
    members = team.memberships.count()
    check(
        rules.remove_refusal(
            membership,
            by=membership_of(by, edition),
            members=members,
            edition=edition,
            at=at,
            organizer=is_organizer(by, edition),
        )
    )
    journal.record("membership.removed", team, by=by, at=at, user=membership.user_id)
    _free(membership, team, members=members, by=by, at=at)


@transaction.atomic
def pass_captaincy(team: Team, to: Membership, *, by: User, at: datetime) -> None:
    """Make `to` captain of `team` instead of whoever is. Raises `Refused`."""
    team = locked(team)
    successor = Membership.objects.filter(pk=to.pk).first()
    check(
        rules.pass_captaincy_refusal(
            team,
            by=membership_of(by, team.edition),
            to=successor,
            organizer=is_organizer(by, team.edition),
        )
    )
    team.memberships.filter(is_captain=True).update(is_captain=False)
    team.memberships.filter(pk=to.pk).update(is_captain=True)
    journal.record("captaincy.passed", team, by=by, at=at, user=to.user_id)
    membership_changed(team, at=at)


def _still_there(membership: Membership) -> Membership:
    """The row as it is now that the team is locked. Raises `Refused` if the person has left."""
    found = Membership.objects.select_related("user", "team").filter(pk=membership.pk).first()
    if found is None:
        raise Refused(refuse(TeamRefusal.NOT_MEMBER))
    return found


def _free(membership: Membership, team: Team, *, members: int, by: User, at: datetime) -> None:
    """Empty a seat of a locked team and see to what follows from it."""
    user_pk = membership.user_id
    if members == 1:
        erase(team, by=by, at=at)
    else:
        membership.delete()
        if membership.is_captain:
            for eldest in team.memberships.order_by("joined_at", "pk")[:1]:
                eldest.is_captain = True
                eldest.save(update_fields=["is_captain"])
        membership_changed(team, at=at)
    live.refresh_rights(user_pk)
