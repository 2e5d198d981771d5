"""What a team is sending, on all its pages: nobody sends a second file because they don't see the
first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hackathon.base.core.formats import clock_exact
from hackathon.base.live.audiences import team_in
from hackathon.base.live.fragments import Audiences, Fragment, once
from hackathon.event.editions.models import Edition
from submissions.transfers.selectors import Transfer, transfers_of, under_way_by_team
from submissions.versions.rules import DepositPeriod, TeamPeriods
from submissions.versions.viewers import PERIODS, periods_of_viewers

SHOWS = "upload submission own_team"
SECONDS = 5  # between two figures
NOTHING_SENT = "nothing is sent"  # all these teams see the same


@dataclass(frozen=True)
class Sender:
    team: int
    periods: TeamPeriods


def _senders(edition: Edition) -> Callable[[Audiences], Sender | str | None]:
    periods_of = periods_of_viewers(edition)

    def sender_of(audiences: Audiences) -> Sender | str | None:
        team, periods = team_in(audiences), periods_of(audiences)
        if team is None or periods is None:
            return None
        is_sending = team in once(edition, "uploads", under_way_by_team, SHOWS)
        return Sender(team, periods) if is_sending else NOTHING_SENT

    return sender_of


def _uploads(edition: Edition, viewer: Sender | str, at: datetime) -> dict[str, Any]:
    if not isinstance(viewer, Sender):
        return {}
    uploads = once(edition, "uploads", under_way_by_team, SHOWS).get(viewer.team, [])
    lines = []
    for transfer in transfers_of(uploads, at=at):
        period = viewer.periods.of(transfer.upload.deliverable_id)
        until_text = clock_exact(period.grace_ends_at, edition.zone)
        lines.append((transfer, until_text if _ends_in_grace(transfer, period, at) else ""))
    return {"lines": lines}


def _ends_in_grace(transfer: Transfer, period: DepositPeriod, at: datetime) -> bool:
    """It began in time, and ends after the deadline, but may end before the grace does."""
    if transfer.upload.begun_at > period.deadline_at or at > period.grace_ends_at:
        return False
    left = transfer.seconds_left
    return at > period.deadline_at or (
        left is not None
        and at + timedelta(seconds=left) > period.deadline_at
        and period.grace_ends_at > period.deadline_at
    )


UPLOADS = Fragment(
    "uploads",
    "submissions/transfers/_uploads.html",
    f"{PERIODS} {SHOWS}",
    _uploads,
    _senders,
    every=SECONDS,
)
