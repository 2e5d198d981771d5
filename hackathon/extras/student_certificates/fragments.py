"""The part with one's own certificate, on pages of students."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hackathon.base.live.audiences import team_in
from hackathon.base.live.fragments import Audiences, Fragment, once
from hackathon.event.editions.models import Edition
from hackathon.extras.student_certificates.rules import is_due
from submissions.versions.rules import DepositPeriod
from submissions.versions.viewers import PERIOD, period_of_viewers
from teams.models import Team


@dataclass(frozen=True)
class Holder:
    """`period`: of the team; None without one, or if it is absent."""

    period: DepositPeriod | None


def _holders(edition: Edition) -> Callable[[Audiences], Holder]:
    """One query for all members after a message about a team, and those of `period_of_viewers`."""
    period_of = period_of_viewers(edition)

    def holder_of(audiences: Audiences) -> Holder:
        team = team_in(audiences)
        if team is None or team in once(edition, "absent teams", _absent, "team"):
            return Holder(None)
        return Holder(period_of(audiences))

    return holder_of


def _absent(edition: Edition) -> frozenset[int]:
    absent = Team.objects.filter(edition=edition, absent_at__isnull=False)
    return frozenset(absent.values_list("pk", flat=True))


def _certificate(_edition: Edition, holder: Holder, at: datetime) -> dict[str, Any]:
    return {"is_due": holder.period is not None and is_due(holder.period, at=at)}


def _instants(_edition: Edition, holder: Holder, _at: datetime) -> Iterable[datetime]:
    return [holder.period.grace_ends_at] if holder.period else []


OWN_CERTIFICATE = Fragment(
    "own-certificate",
    "student_certificates/_own_certificate.html",
    f"{PERIOD} own_team",
    _certificate,
    _holders,
    _instants,
    max_age=30,
)
