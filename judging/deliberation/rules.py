"""What a jury may do, and when. Pure: stored facts and the instant come as arguments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hackathon.core.errors import Refusal, refuse
from hackathon.editions.models import Edition
from hackathon.editions.rules import results_are_public
from judging.errors import JudgingRefusal
from judging.jury.rules import open_refusal
from judging.ranking.standings import competition_ranks
from teams.models import Team


@dataclass(frozen=True)
class Decision:
    """Whom a jury names, and the winners' ranks by team id (1, 1, 3: equal is ex aequo)."""

    nominees: frozenset[int]
    ranks: Mapping[int, int]


def decision(nominees: Collection[int], places: Mapping[int, int]) -> Decision:
    """A decision with its places made into ranks: 2, 2, 5 are 1, 1, 3."""
    return Decision(frozenset(nominees), competition_ranks(places))


def deliberation_refusal(
    edition: Edition, *, president: bool, locked: bool, final_sheets: int, at: datetime
) -> Refusal | None:
    """Whether a jury's decision may be written."""
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    if refusal := open_refusal(edition, locked=locked, at=at):
        return refusal
    return refuse(JudgingRefusal.NO_SHEETS) if final_sheets == 0 else None


def decision_refusal(
    decided: Decision, teams: Mapping[int, Team], *, special: Collection[int] = ()
) -> Refusal | None:
    """Whether this may stand as a draft. `teams` are the department's, by id; `special` those that
    get a prize of its own name, which needs no nomination.
    """
    chosen = decided.nominees | decided.ranks.keys() | set(special)
    if any(pk not in teams for pk in chosen):
        return refuse(JudgingRefusal.NOMINEE_UNKNOWN)
    for pk in decided.ranks:
        if pk not in decided.nominees:
            return refuse(JudgingRefusal.WINNER_NOT_NOMINATED, team=teams[pk].name)
    return None


def lock_refusal(edition: Edition, *, winners: int, teams: int) -> Refusal | None:
    """Whether a decision with so many winners may be locked.

    A department with fewer teams than winners asked for gives what it can.
    """
    least = min(edition.winners_min, teams)
    if not least <= winners <= edition.winners_max:
        return refuse(
            JudgingRefusal.WINNERS_COUNT, min=least, max=edition.winners_max, count=winners
        )
    return None


def standing_refusal(
    *, departures: Sequence[str], reason: str, reordered: bool, confirmed: bool, fresh: bool
) -> Refusal | None:
    """Whether a decision may stand as the jury's: shown to it for its signatures, and locked.

    `departures` says how it leaves the ranking; `reordered` that corrections change the plain
    order; `fresh` that the marks are those it was decided on.
    """
    if not fresh:
        return refuse(JudgingRefusal.RANKING_CHANGED)
    if departures and not reason.strip():
        return refuse(JudgingRefusal.DEPARTURE_UNEXPLAINED, departure=departures[0])
    if reordered and not confirmed:
        return refuse(JudgingRefusal.ORDER_NOT_CONFIRMED)
    return None


def signature_refusal(
    *, seated: bool, locked: bool, opened_at: datetime | None, seen: datetime | None
) -> Refusal | None:
    """Whether a juror may sign what they saw, opened at `seen`; it was `opened_at` last."""
    if not seated:
        return refuse(JudgingRefusal.NOT_JUROR)
    if locked:
        return refuse(JudgingRefusal.DELIBERATION_LOCKED)
    if opened_at is None:
        return refuse(JudgingRefusal.NOT_OPEN_TO_SIGN)
    return refuse(JudgingRefusal.DECISION_CHANGED) if seen != opened_at else None


def reopening_refusal(
    edition: Edition,
    *,
    president: bool,
    locked: bool,
    ceremony_begun: bool,
    reason: str,
    at: datetime,
) -> Refusal | None:
    """Whether a jury may take its decision back: not once anybody outside may know of it."""
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    if not locked:
        return refuse(JudgingRefusal.NOT_LOCKED)
    if refusal := out_refusal(edition, ceremony_begun=ceremony_begun, at=at):
        return refusal
    return None if reason.strip() else refuse(JudgingRefusal.REOPENING_REASON)


def out_refusal(edition: Edition, *, ceremony_begun: bool, at: datetime) -> Refusal | None:
    """Whether anybody outside the jury may know a locked decision already."""
    if results_are_public(edition, at=at):
        return refuse(JudgingRefusal.RESULTS_OUT)
    return refuse(JudgingRefusal.CEREMONY_BEGUN) if ceremony_begun else None


def second_reading_refusal(edition: Edition, *, leaders: int, proposed: int) -> Refusal | None:
    """Whether leaders are to be read again: more of them than places, and somebody new to do it."""
    if leaders <= edition.winners_max:
        return refuse(JudgingRefusal.LEADERS_FIT, leaders=leaders, places=edition.winners_max)
    return refuse(JudgingRefusal.NO_NEW_READERS) if proposed == 0 else None
