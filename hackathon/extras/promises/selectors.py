from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce

from hackathon.base.core import extras
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from hackathon.extras.promises import addresses, rules
from hackathon.extras.promises.addresses import Key, Promised
from hackathon.extras.promises.models import SOURCE, Promise, TeamKey
from submissions.enums import DeliverableKind, Punctuality
from submissions.hand_ins import Claim
from submissions.models import Deliverable, Upload
from submissions.versions.rules import DepositPeriod, punctuality_of
from submissions.versions.selectors import all_periods_of, deliverables_asked, period_of
from teams.models import Membership, Team


@dataclass(frozen=True)
class PromiseLine:
    """`punctuality`: of its bytes, if they come by `until` (None: promises are over)."""

    promise: Promise
    punctuality: Punctuality
    until: datetime | None

    def is_awaited(self, *, at: datetime) -> bool:
        promise = self.promise
        is_open = promise.kept_by_id is None and promise.voided_at is None
        return is_open and self.until is not None and at <= self.until


def claims_of(teams: Iterable[Team]) -> list[Claim]:
    """One query."""
    return [
        Claim(
            SOURCE,
            promise.pk,
            promise.code,
            promise.team_id,
            promise.deliverable_id,
            promise.size,
            promise.digest,
            promise.received_at,
            promise.kept_by_id,
        )
        for promise in Promise.objects.valid().filter(team__in=teams)
    ]


def own_addresses(membership: Membership) -> dict[int, str]:
    """By deliverable, what the page of the hand-in shows without a network. One query."""
    team, number = membership.team, TeamKey.objects.filter(team=membership.team_id).values("number")
    files = Deliverable.objects.filter(department=team.department_id, kind=DeliverableKind.FILE)
    keys = files.values_list("pk", Coalesce(Subquery(number), 0))
    return {pk: addresses.address_of(Key(team.pk, pk, membership.pk, n)) for pk, n in keys}


def get_promiser(text: str, promised: Promised) -> tuple[Team, Deliverable, Promise | None]:
    """The key is the permission. A former one still shows the promise of these bytes that was made.
    Raises `NotFound`, the same for a false key and for a former one without a promise.
    """
    if (key := addresses.parse_key(text)) is None:
        raise NotFound
    team = Team.objects.select_related("edition", "department").filter(pk=key.team).first()
    deliverable = Deliverable.objects.filter(pk=key.deliverable).first()
    if team is None or deliverable is None or deliverable.department_id != team.department_id:
        raise NotFound
    promises = Promise.objects.valid().filter(team=team).select_related("kept_by")
    size, digest, _clock = promised
    made = rules.same_bytes(promises, deliverable.pk, size=size, digest=digest)
    if made is None and not is_valid(key):
        raise NotFound
    return team, deliverable, made


def is_valid(key: Key) -> bool:
    """Two queries."""
    number = TeamKey.objects.filter(team=key.team).values_list("number", flat=True).first() or 0
    members = Membership.objects.filter(pk=key.membership, team=key.team)
    return number == key.number and members.exists()


def get_promise(pk: int, **of: Edition | Team) -> Promise:
    """`of`: where the caller has a right. Raises `NotFound`."""
    return get_or_not_found(Promise.objects.all(), pk=pk, **of)


def own_open(team: Team) -> QuerySet[Promise]:
    """Those that can be voided, also after their end."""
    return Promise.objects.valid().filter(team=team, kept_by=None).select_related("deliverable")


def line_of(promise: Promise, team: Team, deliverable: Deliverable) -> PromiseLine:
    """Two queries."""
    begun = Upload.objects.filter(team=team, deliverable=deliverable, submission=None)
    return _line(promise, period_of(team, deliverable), begun)


def awaits_bytes(team: Team, *, at: datetime) -> bool:
    """Whether the team has promised bytes that may still come. No query where promises are off,
    else one, and two for each promise.
    """
    if not extras.is_on(SOURCE, team.edition):
        return False
    lines = (line_of(promise, team, promise.deliverable) for promise in own_open(team))
    return any(line.is_awaited(at=at) for line in lines)


def promises_of(edition: Edition) -> list[PromiseLine]:
    """The newest first. Four queries."""
    promises = list(
        Promise.objects.filter(team__edition=edition)
        .select_related("team__department", "deliverable", "recorded_by", "kept_by", "voided_by")
        .order_by("-received_at", "-pk")
    )
    teams = list({promise.team_id: promise.team for promise in promises}.values())
    periods = all_periods_of(edition, teams, deliverables_asked(teams))
    begun = list(Upload.objects.filter(team__in=teams, submission=None))
    return [_line(p, periods[p.team_id].of(p.deliverable_id), begun) for p in promises]


def _line(promise: Promise, period: DepositPeriod, uploads: Iterable[Upload]) -> PromiseLine:
    """A transfer that began before the line fell may still be in the grace."""
    begun = (
        upload.begun_at
        for upload in uploads
        if (upload.team_id, upload.deliverable_id, upload.length)
        == (promise.team_id, promise.deliverable_id, promise.size)
    )
    at, kept = promise.received_at, promise.kept_by
    begun_at = kept.begun_at if kept is not None else min(begun, default=at)
    mark = punctuality_of(period, begun_at=begun_at, received_at=at)
    return PromiseLine(promise, mark, period.announced_until)
