"""What a promise of bytes is worth (decision 49). `until`: the end of the promises, None if there
are none.
"""

from collections.abc import Iterable
from datetime import datetime

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.formats import clock_exact, size_text
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import day_and_time, results_are_public
from hackathon.extras.promises.errors import PromiseRefusal
from hackathon.extras.promises.models import PROMISES_MAX, Promise
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.models import Deliverable, Submission


def same_bytes(
    promises: Iterable[Promise], deliverable_pk: int, *, size: int, digest: str
) -> Promise | None:
    """Promised before. Of one of the two digests, only the beginning may be known."""
    same = (
        promise
        for promise in promises
        if (promise.deliverable_id, promise.size) == (deliverable_pk, size)
        and (promise.digest.startswith(digest) or digest.startswith(promise.digest))
    )
    return next(same, None)


def promise_refusal(
    edition: Edition,
    deliverable: Deliverable,
    *,
    opens_at: datetime,
    until: datetime | None,
    size: int,
    promises: Iterable[Promise],
    received: Submission | None,
    at: datetime,
) -> Refusal | None:
    """`received`: a version with these bytes, whose receipt did not get through. A late promise is
    received, and worth what a deposit is at that instant: an Extension granted later may save it.
    """
    if results_are_public(edition, at=at):
        return refuse(DepositRefusal.ENTRY_CLOSED)
    if until is None:
        return refuse(PromiseRefusal.NO_PROMISES)
    if received is not None:
        time = clock_exact(received.received_at, edition.zone)
        return refuse(PromiseRefusal.RECEIVED_BEFORE, time=time, version=received.version)
    if at < opens_at:
        return refuse(DepositRefusal.NOT_OPEN_YET, opens=day_and_time(opens_at, edition))
    if at > until:
        return refuse(PromiseRefusal.PROMISES_OVER, until=clock_exact(until, edition.zone))
    if deliverable.kind != DeliverableKind.FILE:
        return refuse(DepositRefusal.WRONG_KIND, expected=DeliverableKind(deliverable.kind).label)
    if size == 0:
        return refuse(DepositRefusal.EMPTY)
    if size > deliverable.max_bytes:
        most = size_text(deliverable.max_bytes)
        return refuse(DepositRefusal.TOO_LARGE, size=size_text(size), max=most)
    if sum(promise.deliverable_id == deliverable.pk for promise in promises) >= PROMISES_MAX:
        return refuse(PromiseRefusal.TOO_MANY_PROMISES, max=PROMISES_MAX)
    return None
