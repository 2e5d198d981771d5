"""A team calls for help, and somebody comes. Each verb locks, asks its rule, writes, tells."""

from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import Refused, check, refuse
from teams import live, rules
from teams.enums import HelpKind, HelpState
from teams.errors import HelpRefusal
from teams.models import HelpRequest, Team
from teams.selectors.calls import Desk, desk_of, open_call_of
from teams.selectors.teams import membership_of
from teams.services.teams import locked


@transaction.atomic
def request(
    *, team: Team, kind: HelpKind, by: User, at: datetime, note: str = "", place: str = ""
) -> HelpRequest:
    """Call somebody to the team, or to `place` where it is not in its room. Raises `Refused`.

    Locks the team: of two members who call at once one does.
    """
    team = locked(team)
    place = " ".join(place.split())
    check(
        rules.call_refusal(
            team,
            by=membership_of(by, team.edition),
            open_call=open_call_of(team),
            place=place,
            edition=team.edition,
            at=at,
        )
    )
    call = HelpRequest.objects.create(
        team=team,
        kind=kind,
        note=" ".join(note.split()),
        place=place,
        requested_at=at,
        requested_by=by,
    )
    _told(call, "help.requested", by=by, at=at, kind=str(kind))
    return call


@transaction.atomic
def withdraw(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    """The team needs nobody any more. Raises `Refused`."""
    call = _locked(call)
    check(rules.withdraw_refusal(call, by=membership_of(by, call.team.edition)))
    waited = call.state == HelpState.WAITING
    if waited:
        live.queue_moved(call, at=at)
    call.state, call.closed_at = HelpState.WITHDRAWN, at
    call.save(update_fields=["state", "closed_at"])
    _told(call, "help.withdrawn", by=by, at=at)
    return call


@transaction.atomic
def claim(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    """Take a call: of two who tap at once one does, and the other reads whose it is.

    Raises `Refused`.
    """
    call = _locked(call)
    check(rules.claim_refusal(call, serves=_desk(call, by) is not None, by=by))
    if call.is_held:
        return call
    live.queue_moved(call, at=at)
    call.state, call.claimed_by, call.claimed_at = HelpState.CLAIMED, by, at
    call.save(update_fields=["state", "claimed_by", "claimed_at"])
    _told(call, "help.claimed", by=by, at=at)
    return call


@transaction.atomic
def start(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    """Say that one is on the way. Raises `Refused`."""
    call = _held(call, by)
    if call.state == HelpState.COMING:
        return call
    call.state = HelpState.COMING
    call.save(update_fields=["state"])
    _told(call, "help.started", by=by, at=at)
    return call


@transaction.atomic
def finish(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    """The team has been helped. Raises `Refused`."""
    call = _held(call, by)
    call.state, call.closed_at = HelpState.DONE, at
    call.save(update_fields=["state", "closed_at"])
    _told(call, "help.finished", by=by, at=at)
    return call


@transaction.atomic
def release(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    """Give a call back to its queue, where it has the place it had. Raises `Refused`."""
    call = _held(call, by)
    call.state, call.claimed_by, call.claimed_at = HelpState.WAITING, None, None
    call.save(update_fields=["state", "claimed_by", "claimed_at"])
    live.queue_moved(call, at=at)
    _told(call, "help.released", by=by, at=at)
    return call


def _locked(call: HelpRequest) -> HelpRequest:
    """The call as it is, locked until the transaction ends. Raises `Refused` if its team is gone,
    and the call with it.

    Who holds it is read afterwards: PostgreSQL joins what a waiting query had seen, so that it
    would find the new holder's id and nobody with it.
    """
    found = (
        HelpRequest.objects.select_for_update(of=("self",))
        .select_related("team__department", "team__edition")
        .filter(pk=call.pk)
        .first()
    )
    if found is None:
        raise Refused(refuse(HelpRefusal.CLOSED))
    return found


def _held(call: HelpRequest, by: User) -> HelpRequest:
    """The locked call, if `by` may go on with it. Raises `Refused`."""
    call = _locked(call)
    desk = _desk(call, by)
    organizer = desk is not None and desk.organizer
    check(rules.held_refusal(call, serves=desk is not None, by=by, organizer=organizer))
    return call


def _desk(call: HelpRequest, by: User) -> Desk | None:
    """The desk of `by`, if it serves this call."""
    desk = desk_of(by, call.team.edition)
    return desk if desk is not None and desk.serves(call) else None


def _told(call: HelpRequest, act: str, *, by: User, at: datetime, **detail: str) -> None:
    journal.record(act, call, by=by, at=at, team=call.team_id, **detail)
    live.call_changed(call, act, at=at)
