from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hackathon.core.errors import Refusal, refuse
from hackathon.editions.models import Edition
from hackathon.editions.rules import results_are_public
from judging.errors import JudgingRefusal
from judging.jury.rules import open_refusal
from judging.models import Juror
from judging.ranking.standings import competition_ranks
from teams.models import Team

# Within this time a juror is not reminded again, whoever asks for it.
REMINDER_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Decision:
    """Team ids. Equal ranks are ex aequo: 1, 1, 3."""

    nominees: frozenset[int]
    ranks: Mapping[int, int]


def decision(nominees: Collection[int], places: Mapping[int, int]) -> Decision:
    """Places become competition ranks: 2, 2, 5 are 1, 1, 3."""
    return Decision(frozenset(nominees), competition_ranks(places))


def deliberation_refusal(
    edition: Edition, *, president: bool, locked: bool, final_sheets: int, at: datetime
) -> Refusal | None:
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    if refusal := open_refusal(edition, locked=locked, at=at):
        return refusal
    return refuse(JudgingRefusal.NO_SHEETS) if final_sheets == 0 else None


def decision_refusal(
    decided: Decision, teams: Mapping[int, Team], *, special: Collection[int] = ()
) -> Refusal | None:
    """`teams` are the department's; `special` are ids of teams with a special prize."""
    chosen = decided.nominees | decided.ranks.keys() | set(special)
    if any(pk not in teams for pk in chosen):
        return refuse(JudgingRefusal.NOMINEE_UNKNOWN)
    for pk in decided.ranks:
        if pk not in decided.nominees:
            return refuse(JudgingRefusal.WINNER_NOT_NOMINATED, team=teams[pk].name)
    return None


def lock_refusal(edition: Edition, *, winners: int, teams: int) -> Refusal | None:
    """A department with fewer teams than `winners_min` needs as many winners as it has teams."""
    least = min(edition.winners_min, teams)
    if not least <= winners <= edition.winners_max:
        return refuse(
            JudgingRefusal.WINNERS_COUNT, min=least, max=edition.winners_max, count=winners
        )
    return None


def is_up_to_date(basis: str, digest: str) -> bool:
    """An empty `basis` is unknown and matches everything."""
    return basis in ("", digest)


def readiness_refusal(
    *, departures: Sequence[str], reason: str, reordered: bool, confirmed: bool, fresh: bool
) -> Refusal | None:
    """`reordered`: the corrections change the order of the plain means.

    `fresh`: no mark has changed since the draft was saved.
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
    """`seen` is the `opened_at` that the juror's page showed."""
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
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    if not locked:
        return refuse(JudgingRefusal.NOT_LOCKED)
    if refusal := disclosure_refusal(edition, ceremony_begun=ceremony_begun, at=at):
        return refusal
    return None if reason.strip() else refuse(JudgingRefusal.REOPENING_REASON)


def disclosure_refusal(edition: Edition, *, ceremony_begun: bool, at: datetime) -> Refusal | None:
    """People outside of the jury may know the decision once a ceremony has begun."""
    if results_are_public(edition, at=at):
        return refuse(JudgingRefusal.RESULTS_OUT)
    return refuse(JudgingRefusal.CEREMONY_BEGUN) if ceremony_begun else None


def second_reading_refusal(*, leaders: int) -> Refusal:
    """Why none is proposed. `leaders`: teams whose order is not known, because they are ex aequo or
    in several tables.
    """
    alone = leaders <= 1
    return refuse(JudgingRefusal.LEADER_ALONE if alone else JudgingRefusal.NO_NEW_READERS)


def may_be_reminded(juror: Juror, *, at: datetime) -> bool:
    return juror.reminded_at is None or at >= juror.reminded_at + REMINDER_PAUSE


def reminder_refusal(
    edition: Edition, *, may_remind: bool, locked: bool, at: datetime
) -> Refusal | None:
    if not may_remind:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    return open_refusal(edition, locked=locked, at=at)
