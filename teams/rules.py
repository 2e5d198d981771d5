"""`by` is the membership of the acting person, `members` the number of members of the team.

An `organizer` is not bound by the registration period and the rights of captains.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.enums import Phase
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import (
    day_and_time,
    grace_ends_at,
    phase,
    registration_is_frozen,
    registration_is_open,
)
from teams.enums import Circle, HelpState
from teams.errors import HelpRefusal, TeamRefusal
from teams.models import HelpRequest, Membership, Team

CALLING = (Phase.RUNNING, Phase.GRACE)
# Of one team: each call is a message to all who help, also to their chat.
CALLS_MAX, CALLS_PERIOD = 10, timedelta(minutes=10)
# By one captain: each change is a message to everybody, whose pages then fetch.
CHANGES_MAX, CHANGES_PERIOD = 30, timedelta(minutes=10)


def period_refusal(edition: Edition, *, at: datetime, organizer: bool = False) -> Refusal | None:
    if organizer or registration_is_open(edition, at=at):
        return None
    if at < edition.registration_opens_at:
        opens = day_and_time(edition.registration_opens_at, edition)
        return refuse(TeamRefusal.REGISTRATION_NOT_OPEN, opens=opens)
    if registration_is_frozen(edition, at=at) and at <= edition.registration_closes_at:
        return refuse(TeamRefusal.REGISTRATION_FROZEN)
    closed = day_and_time(edition.registration_closes_at, edition)
    return refuse(TeamRefusal.REGISTRATION_CLOSED, closed=closed)


def pace_refusal(recent: int, *, organizer: bool) -> Refusal | None:
    """`recent`: such changes of the last `CHANGES_PERIOD`."""
    if organizer or recent < CHANGES_MAX:
        return None
    return refuse(TeamRefusal.TOO_OFTEN)


def call_off_refusal(*, waiting: int) -> Refusal | None:
    """`waiting`: invitations that have not left."""
    return None if waiting else refuse(TeamRefusal.MAILS_LEFT)


def register_refusal(
    edition: Edition, *, membership: Membership | None, at: datetime, organizer: bool = False
) -> Refusal | None:
    return one_team_refusal(membership) or period_refusal(edition, at=at, organizer=organizer)


def entry_code_refusal(*, organizer: bool, has_rights: bool) -> Refusal | None:
    """`has_rights`: the member has rights of an organizer, which a code must not pass on."""
    if not organizer:
        return refuse(TeamRefusal.NOT_ORGANIZER)
    return refuse(TeamRefusal.HAS_OTHER_RIGHTS) if has_rights else None


def join_refusal(
    team: Team,
    *,
    members: int,
    edition: Edition,
    membership: Membership | None,
    at: datetime,
    organizer: bool = False,
) -> Refusal | None:
    if refusal := one_team_refusal(membership):
        return refusal
    if refusal := period_refusal(edition, at=at, organizer=organizer):
        return refusal
    if seats_left(edition, members) == 0:
        return refuse(TeamRefusal.TEAM_FULL, max=edition.team_size_max)
    return None


def leave_refusal(
    membership: Membership,
    *,
    members: int,
    edition: Edition,
    at: datetime,
    organizer: bool = False,
) -> Refusal | None:
    if refusal := period_refusal(edition, at=at, organizer=organizer):
        return refusal
    if membership.is_captain and members > 1 and not organizer:
        return refuse(TeamRefusal.CAPTAIN_MUST_PASS_ON)
    return None


def remove_refusal(
    membership: Membership,
    *,
    by: Membership | None,
    members: int,
    edition: Edition,
    at: datetime,
    organizer: bool = False,
) -> Refusal | None:
    if refusal := captain_refusal(membership.team, by=by, organizer=organizer):
        return refusal
    return leave_refusal(membership, members=members, edition=edition, at=at, organizer=organizer)


def captain_refusal(
    team: Team, *, by: Membership | None, organizer: bool = False
) -> Refusal | None:
    if organizer or (by is not None and by.team_id == team.pk and by.is_captain):
        return None
    return refuse(TeamRefusal.NOT_CAPTAIN)


def pass_captaincy_refusal(
    team: Team, *, by: Membership | None, to: Membership | None, organizer: bool = False
) -> Refusal | None:
    """Allowed at any time, as a captain may have to leave during the event."""
    if refusal := captain_refusal(team, by=by, organizer=organizer):
        return refusal
    if to is None or to.team_id != team.pk:
        return refuse(TeamRefusal.NOT_MEMBER)
    return None


def edit_refusal(
    team: Team,
    *,
    by: Membership | None,
    renames: bool,
    edition: Edition,
    at: datetime,
    organizer: bool = False,
) -> Refusal | None:
    """The name can be changed only while registration is open, as juries know it afterwards."""
    if refusal := captain_refusal(team, by=by, organizer=organizer):
        return refusal
    return period_refusal(edition, at=at, organizer=organizer) if renames else None


def size_refusal(team: Team, *, members: int, edition: Edition) -> Refusal | None:
    if members <= edition.team_size_max:
        return None
    return refuse(TeamRefusal.TOO_MANY, team=team.name, count=members, max=edition.team_size_max)


def move_refusal(
    moved: Collection[Membership], to: Team, *, members: int, edition: Edition
) -> Refusal | None:
    """`members`: the number of members of `to` now."""
    if not moved:
        return refuse(TeamRefusal.NOBODY_CHOSEN)
    if any(membership.team_id == to.pk for membership in moved):
        return refuse(TeamRefusal.SAME_TEAM)
    return size_refusal(to, members=members + len(moved), edition=edition)


def split_refusal(team: Team, *, chosen: int, members: int) -> Refusal | None:
    if not chosen:
        return refuse(TeamRefusal.NOBODY_CHOSEN)
    return None if chosen < members else refuse(TeamRefusal.NOBODY_LEFT, team=team.name)


def merge_refusal(
    team: Team, into: Team, *, members: int, open_call: HelpRequest | None, edition: Edition
) -> Refusal | None:
    """`members`: of both together. That `team` has handed in nothing is seen when it is deleted."""
    if team.pk == into.pk:
        return refuse(TeamRefusal.SAME_TEAM)
    if open_call is not None:
        return refuse(TeamRefusal.CALL_OPEN, team=team.name)
    return size_refusal(into, members=members, edition=edition)


def common_circle(answers: Iterable[int]) -> Circle:
    """To whom the works of a team are shown: the smallest circle to which a member agrees."""
    return Circle(min(answers, default=Circle.UNANSWERED))


def seats_left(edition: Edition, members: int) -> int:
    return max(edition.team_size_max - members, 0)


def members_missing(edition: Edition, members: int) -> int:
    return max(edition.team_size_min - members, 0)


# ---------------------------------------------------------------- calls for help


def calling_refusal(edition: Edition, *, at: datetime) -> Refusal | None:
    if phase(edition, at=at) in CALLING:
        return None
    starts, ends = edition.starts_at, grace_ends_at(edition)
    return refuse(
        HelpRefusal.NOT_RUNNING,
        starts=day_and_time(starts, edition),
        ends=day_and_time(ends, edition),
    )


def call_refusal(
    team: Team,
    *,
    by: Membership | None,
    open_call: HelpRequest | None,
    recent: int,
    place: str,
    edition: Edition,
    at: datetime,
) -> Refusal | None:
    """`recent`: calls of the team within `CALLS_PERIOD`. `place`: as typed, may be empty."""
    if by is None or by.team_id != team.pk:
        return refuse(HelpRefusal.NOT_MEMBER)
    if refusal := calling_refusal(edition, at=at):
        return refusal
    if open_call is not None:
        return refuse(HelpRefusal.ALREADY_OPEN)
    if recent >= CALLS_MAX:
        return refuse(HelpRefusal.TOO_MANY, max=CALLS_MAX)
    if not (place or team.room):
        return refuse(HelpRefusal.PLACE_MISSING)
    return None


def withdraw_refusal(call: HelpRequest, *, by: Membership | None) -> Refusal | None:
    if by is None or by.team_id != call.team_id:
        return refuse(HelpRefusal.NOT_MEMBER)
    return None if call.is_open else refuse(HelpRefusal.CLOSED)


def claim_refusal(call: HelpRequest, *, serves: bool, by: User) -> Refusal | None:
    """`serves`: the call is one that `by` answers. Claiming one's own call again is allowed."""
    if not serves:
        return refuse(HelpRefusal.NOT_SERVED)
    if not call.is_open:
        return refuse(HelpRefusal.CLOSED)
    if call.state != HelpState.WAITING and call.claimed_by_id != by.pk:
        return _taken(call)
    return None


def held_refusal(
    call: HelpRequest, *, serves: bool, by: User, organizer: bool = False
) -> Refusal | None:
    """To start, finish or release it. An organizer may for another helper."""
    if not serves:
        return refuse(HelpRefusal.NOT_SERVED)
    if not call.is_open:
        return refuse(HelpRefusal.CLOSED)
    if call.state == HelpState.WAITING:
        return refuse(HelpRefusal.NOT_TAKEN)
    if call.claimed_by_id != by.pk and not organizer:
        return _taken(call)
    return None


def presence_changes(team: Team, *, absent: bool) -> bool:
    return (team.absent_at is not None) != absent


def duty_refusal(*, membership: Membership | None) -> Refusal | None:
    if membership is None:
        return None
    return refuse(
        HelpRefusal.IN_TEAM, person=membership.user.display_name, team=membership.team.name
    )


def _taken(call: HelpRequest) -> Refusal:
    assert call.claimed_by is not None
    return refuse(HelpRefusal.TAKEN, person=call.claimed_by.display_name)


def one_team_refusal(membership: Membership | None) -> Refusal | None:
    if membership is None:
        return None
    return refuse(
        TeamRefusal.ALREADY_IN_TEAM,
        person=membership.user.display_name,
        team=membership.team.name,
    )
