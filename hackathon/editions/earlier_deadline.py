"""The confirmation before a deadline moves earlier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from hackathon.editions import rules
from hackathon.editions.models import Edition
from hackathon.editions.signals import earlier_deadline_requested


@dataclass(frozen=True)
class IncompleteTeams:
    """Numbers of teams that have handed in `nothing`, and that have handed in only `something`."""

    nothing: int
    something: int


@dataclass(frozen=True)
class EarlierDeadline:
    """`key` is posted back as `confirmed`, and confirms this instant only."""

    before: datetime
    to: datetime
    is_past: bool
    incomplete: IncompleteTeams
    key: str


def to_confirm(
    edition: Edition, instants: Mapping[str, object], *, confirmed: str, at: datetime
) -> EarlierDeadline | None:
    """None if it is confirmed, if the deadline does not move earlier, or if rules refuse it."""
    to = instants.get("deadline_at")
    if not isinstance(to, datetime) or not rules.is_brought_forward(edition, instants, at=at):
        return None
    key = to.astimezone(UTC).isoformat()
    if confirmed == key:
        return None
    [(_receiver, answer)] = earlier_deadline_requested.send(Edition, edition=edition)
    incomplete = cast(IncompleteTeams, answer)
    return EarlierDeadline(edition.deadline_at, to, to <= at, incomplete, key)
