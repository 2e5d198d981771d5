from datetime import datetime

from django.db import transaction
from django.db.models import F

from hackathon.base.accounts.models import User
from hackathon.base.core import extras, journal
from hackathon.base.core.codes import new_code
from hackathon.base.core.errors import NotFound, Refused, check, refuse
from hackathon.extras.promises import live, rules, selectors
from hackathon.extras.promises.addresses import Key
from hackathon.extras.promises.errors import PromiseRefusal
from hackathon.extras.promises.models import PROMISES_MAX, SOURCE, Promise, TeamKey
from submissions import hand_ins
from submissions.hand_ins import Claim
from submissions.models import Deliverable, Submission
from submissions.receipts.rules import CODE_LENGTH
from submissions.versions.facts import facts_of, lock_team
from teams.models import Team


@transaction.atomic
def make(
    team_pk: int,
    deliverable_pk: int,
    *,
    size: int,
    digest: str,
    client_at: datetime | None,
    key: Key | None = None,
    by: User | None = None,
    at: datetime,
) -> Promise:
    """Idempotent: the same bytes are promised once. `key`: what permits it; without, the caller
    checks the right. `by`: the organizer who typed the code. Raises `NotFound` if team, deliverable
    or the right of the key is gone, `Refused`, of which `NotDurable` is one: a receipt of a promise
    waits as that of a deposit.
    """
    team = lock_team(team_pk)
    if team is None:
        raise NotFound
    facts = facts_of(team, deliverable_pk)
    deliverable = facts.deliverables.get(deliverable_pk)
    if deliverable is None:
        raise NotFound
    promises = list(Promise.objects.valid().filter(team=team))
    if same := rules.same_bytes(promises, deliverable_pk, size=size, digest=digest):
        return same
    if key is not None and not selectors.is_valid(key):
        raise NotFound
    period, is_on = facts.periods.of(deliverable_pk), extras.is_on(SOURCE, team.edition)
    check(
        rules.promise_refusal(
            team.edition,
            deliverable,
            opens_at=period.opens_at,
            until=period.announced_until if is_on else None,
            size=size,
            promises=promises,
            received=_received(team, deliverable, size, digest),
            at=at,
        )
    )
    taken = {one.number for one in promises if one.deliverable_id == deliverable_pk}
    hand_ins.hold_commit(team.edition)
    promise = Promise.objects.create(
        team=team,
        deliverable=deliverable,
        number=min(set(range(1, PROMISES_MAX + 1)) - taken),
        code=new_code(CODE_LENGTH),
        size=size,
        digest=digest,
        received_at=at,
        client_at=client_at,
        recorded_by=by,
    )
    _record("promise.received", promise, by=by, at=at)
    live.promise_received(promise, at=at)
    return promise


def _received(team: Team, deliverable: Deliverable, size: int, digest: str) -> Submission | None:
    versions = Submission.objects.filter(team=team, deliverable=deliverable, size=size)
    return versions.filter(sha256__startswith=digest).order_by("version").first()


@transaction.atomic
def void(promise: Promise, *, by: User, at: datetime) -> None:
    """Also renews the key of the team: who has made this promise by a photograph of the screen
    makes no other one. The caller checks the right. Twice does nothing more.
    """
    team = lock_team(promise.team_id)
    if team is None:
        raise NotFound
    promise = Promise.objects.select_related("deliverable", "team__edition").get(pk=promise.pk)
    if promise.kept_by_id is not None:
        raise Refused(refuse(PromiseRefusal.KEPT))
    if promise.voided_at is not None:
        return
    promise.voided_at, promise.voided_by = at, by
    promise.save(update_fields=["voided_at", "voided_by"])
    _next_key(team)
    _record("promise.voided", promise, by=by, at=at)
    live.promise_voided(promise, at=at)


@transaction.atomic
def renew_key(team: Team, *, by: User, at: datetime) -> None:
    """The caller checks the right."""
    _next_key(team)
    journal.record("promise_key.renewed", team, by=by, at=at)
    live.own_changed(team, at=at)


def _next_key(team: Team) -> None:
    key, _made = TeamKey.objects.get_or_create(team=team)
    TeamKey.objects.filter(pk=key.pk).update(number=F("number") + 1)


def keep(submission: Submission, claim: Claim | None) -> None:
    """In the transaction that receives the submission, under the lock of its team."""
    if claim is None or claim.source != SOURCE:
        return
    promise = Promise.objects.select_related("deliverable", "team__edition").get(pk=claim.pk)
    promise.kept_by = submission
    promise.save(update_fields=["kept_by"])
    _record("promise.kept", promise, by=submission.submitted_by, at=submission.received_at)
    live.own_changed(promise.team, at=submission.received_at)


def _record(act: str, promise: Promise, *, by: User | None, at: datetime) -> None:
    journal.record(
        act,
        promise,
        by=by,
        at=at,
        team=promise.team_id,
        deliverable=promise.deliverable_id,
        name=promise.deliverable.name,
        code=promise.spoken_code,
    )
