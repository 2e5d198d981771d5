from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hackathon.base.core import extras
from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Edition
from hackathon.extras.promises import addresses, rules
from hackathon.extras.promises.addresses import Promised
from hackathon.extras.promises.models import SOURCE, Promise
from submissions.enums import Punctuality
from submissions.hand_ins import Claim
from submissions.models import Deliverable, Upload
from submissions.versions.rules import DepositPeriod, punctuality_of
from submissions.versions.selectors import all_periods_of, deliverables_asked, period_of
from teams.models import Team


@dataclass(frozen=True)
class PromiseLine:
    """`punctuality`: of its bytes, if they come by `until` (None: promises are over)."""

    promise: Promise
    punctuality: Punctuality
    until: datetime | None

    def is_awaited(self, *, at: datetime) -> bool:
        return self.promise.kept_by_id is None and self.until is not None and at <= self.until


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
        for promise in Promise.objects.filter(team__in=teams)
    ]


def get_promiser(key: str) -> tuple[Team, Deliverable]:
    """The key is the permission. Raises `NotFound`, the same for one that is false or too old."""
    if (pks := addresses.parse_key(key)) is None:
        raise NotFound
    team = Team.objects.select_related("edition", "department").filter(pk=pks[0]).first()
    deliverable = Deliverable.objects.filter(pk=pks[1]).first()
    if team is None or deliverable is None or deliverable.department_id != team.department_id:
        raise NotFound
    return team, deliverable


def made_before(team: Team, deliverable: Deliverable, promised: Promised) -> Promise | None:
    """One query."""
    promises = Promise.objects.filter(team=team).select_related("kept_by")
    pk, (size, digest, _clock) = deliverable.pk, promised
    return rules.same_bytes(promises, pk, size=size, digest=digest)


def line_of(promise: Promise, team: Team, deliverable: Deliverable) -> PromiseLine:
    """Two queries."""
    begun = Upload.objects.filter(team=team, deliverable=deliverable, submission=None)
    return _line(promise, period_of(team, deliverable), begun)


def awaits_bytes(team: Team, *, at: datetime) -> bool:
    """Whether the team has promised bytes that may still come. No query where promises are off."""
    if not extras.is_on(SOURCE, team.edition):
        return False
    promises = Promise.objects.filter(team=team, kept_by=None).select_related("deliverable")
    ends = [period_of(team, promise.deliverable).announced_until for promise in promises]
    return any(until is not None and at <= until for until in ends)


def promises_of(edition: Edition) -> list[PromiseLine]:
    """The newest first. Four queries."""
    promises = list(
        Promise.objects.filter(team__edition=edition)
        .select_related("team__department", "deliverable", "recorded_by", "kept_by")
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
