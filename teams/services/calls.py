"""Calls for help. Each service locks the call or its team, and raises `Refused`."""

from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.push.tasks import notify
from teams import live, rules
from teams.enums import HelpKind, HelpState
from teams.errors import HelpRefusal
from teams.models import HelpRequest, Team
from teams.selectors.calls import Helper, calls_since, helper_of, open_call_of
from teams.selectors.teams import membership_of
from teams.services.teams import lock


@transaction.atomic
def request(
    *, team: Team, kind: HelpKind, by: User, at: datetime, note: str = "", place: str = ""
) -> HelpRequest:
    """`place`: where the team is, if not in its room."""
    team = lock(team)
    place = " ".join(place.split())
    check(
        rules.call_refusal(
            team,
            by=membership_of(by, team.edition),
            open_call=open_call_of(team),
            recent=calls_since(team, at - rules.CALLS_PERIOD),
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
    _record(call, "help.requested", by=by, at=at, kind=str(kind))
    return call


@transaction.atomic
def withdraw(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    call = _lock(call)
    check(rules.withdraw_refusal(call, by=membership_of(by, call.team.edition)))
    waited = call.state == HelpState.WAITING
    if waited:
        live.queue_moved(call, at=at)
    call.state, call.closed_at = HelpState.WITHDRAWN, at
    call.save(update_fields=["state", "closed_at"])
    _record(call, "help.withdrawn", by=by, at=at)
    return call


@transaction.atomic
def claim(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    """Of two helpers who claim a call at once, the second gets a refusal with the other's name."""
    call = _lock(call)
    check(rules.claim_refusal(call, serves=_helper(call, by) is not None, by=by))
    if call.is_held:
        return call
    live.queue_moved(call, at=at)
    call.state, call.claimed_by, call.claimed_at = HelpState.CLAIMED, by, at
    call.save(update_fields=["state", "claimed_by", "claimed_at"])
    _record(call, "help.claimed", by=by, at=at)
    enqueue(notify, "call", call.pk)
    return call


@transaction.atomic
def start(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    call = _lock_held(call, by)
    if call.state == HelpState.COMING:
        return call
    call.state = HelpState.COMING
    call.save(update_fields=["state"])
    _record(call, "help.started", by=by, at=at)
    return call


@transaction.atomic
def finish(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    call = _lock_held(call, by)
    call.state, call.closed_at = HelpState.DONE, at
    call.save(update_fields=["state", "closed_at"])
    _record(call, "help.finished", by=by, at=at)
    return call


@transaction.atomic
def release(*, call: HelpRequest, by: User, at: datetime) -> HelpRequest:
    call = _lock_held(call, by)
    call.state, call.claimed_by, call.claimed_at = HelpState.WAITING, None, None
    call.save(update_fields=["state", "claimed_by", "claimed_at"])
    live.queue_moved(call, at=at)
    _record(call, "help.released", by=by, at=at)
    return call


def _lock(call: HelpRequest) -> HelpRequest:
    locked = (
        HelpRequest.objects.select_for_update(of=("self",))
        # Without `claimed_by`: after waiting for the lock, PostgreSQL reads the locked row again
        # but not the joined ones.
        .select_related("team__department", "team__edition")
        .filter(pk=call.pk)
        .first()
    )
    if locked is None:
        raise Refused(refuse(HelpRefusal.CLOSED))
    return locked


def _lock_held(call: HelpRequest, by: User) -> HelpRequest:
    call = _lock(call)
    helper = _helper(call, by)
    organizer = helper is not None and helper.organizer
    check(rules.held_refusal(call, serves=helper is not None, by=by, organizer=organizer))
    return call


def _helper(call: HelpRequest, by: User) -> Helper | None:
    helper = helper_of(by, call.team.edition)
    return helper if helper is not None and helper.serves(call) else None


def _record(call: HelpRequest, act: str, *, by: User, at: datetime, **detail: str) -> None:
    journal.record(act, call, by=by, at=at, team=call.team_id, **detail)
    live.call_changed(call, act, at=at)
