from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import results_are_public
from judging.errors import JudgingRefusal
from judging.jury.rules import Stage, open_refusal
from judging.models import Juror, PassageCriterion
from judging.ranking.standings import competition_ranks
from judging.scales import OUT_OF, SCALES
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
    department: Department, *, president: bool, locked: bool, final_sheets: int, at: datetime
) -> Refusal | None:
    if not president:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    if refusal := open_refusal(department, locked=locked, at=at):
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


def act_refusal(
    decided: Decision,
    *,
    special: Collection[int],
    nominates: bool,
    sealed: Collection[int] | None,
) -> Refusal | None:
    """`nominates`: in the first of two acts. `sealed`: the nominees, in the second one."""
    if nominates and (decided.ranks or special):
        return refuse(JudgingRefusal.PRIZES_AFTER_HEARING)
    if sealed is not None and decided.nominees != set(sealed):
        return refuse(JudgingRefusal.NOMINEES_LOCKED)
    return None


def meant_refusal(nominates: bool | None, *, nominating: bool) -> Refusal | None:
    """A page that was opened in another act must not lock what it does not show. None: either."""
    if nominates is None or nominates == nominating:
        return None
    first = JudgingRefusal.NOMINATIONS_FIRST
    return refuse(first if nominating else JudgingRefusal.NO_NOMINATIONS)


def nominations_refusal(
    edition: Edition, *, nominees: int, prizes: int, teams: int
) -> Refusal | None:
    """As many as there must be winners (`lock_refusal`): only nominees can win."""
    if prizes:
        return refuse(JudgingRefusal.PRIZES_AFTER_HEARING)
    least = max(min(edition.winners_min, teams), 1)
    if nominees < least:
        return refuse(JudgingRefusal.NOMINEES_COUNT, min=least, count=nominees)
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
    department: Department,
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
    if refusal := disclosure_refusal(department, ceremony_begun=ceremony_begun, at=at):
        return refusal
    return None if reason.strip() else refuse(JudgingRefusal.REOPENING_REASON)


def disclosure_refusal(
    department: Department, *, ceremony_begun: bool, at: datetime
) -> Refusal | None:
    """People outside of the jury may know the decision once a ceremony has begun."""
    if results_are_public(department, at=at):
        return refuse(JudgingRefusal.RESULTS_OUT)
    return refuse(JudgingRefusal.CEREMONY_BEGUN) if ceremony_begun else None


def passage_refusal(
    juror: Juror,
    team: Team,
    marks: Mapping[int, Decimal | None],
    *,
    criteria: Sequence[PassageCriterion],
    stage: Stage,
    nominated: bool,
    recused: bool,
    at: datetime,
) -> Refusal | None:
    """`marks` by id of the criterion."""
    closed = stage.is_decided or results_are_public(juror.department, at=at)
    if not stage.hears or closed:
        return refuse(JudgingRefusal.PASSAGES_CLOSED)
    if team.department_id != juror.department_id or not nominated or recused:
        return refuse(JudgingRefusal.NOT_ASSIGNED)
    names = {criterion.pk: criterion.name for criterion in criteria}
    scale = SCALES[OUT_OF]
    for pk, value in marks.items():
        if pk not in names:
            return refuse(JudgingRefusal.CRITERION_UNKNOWN)
        if value is not None and not scale.accepts(value):
            code = JudgingRefusal.VALUE_OUT_OF_SCALE
            return refuse(code, criterion=names[pk], rule=scale.rule)
    return None


def passage_criteria_refusal(*, organizer: bool, begun: bool) -> Refusal | None:
    if not organizer:
        return refuse(EditionRefusal.NOT_ORGANIZER)
    return refuse(JudgingRefusal.PASSAGES_BEGUN) if begun else None


def second_reading_refusal(*, leaders: int) -> Refusal:
    """Why none is proposed. `leaders`: teams whose order is not known, because they are ex aequo or
    in several tables.
    """
    alone = leaders <= 1
    return refuse(JudgingRefusal.LEADER_ALONE if alone else JudgingRefusal.NO_NEW_READERS)


def may_be_reminded(juror: Juror, *, at: datetime) -> bool:
    return juror.reminded_at is None or at >= juror.reminded_at + REMINDER_PAUSE


def reminder_refusal(
    department: Department, *, may_remind: bool, locked: bool, at: datetime
) -> Refusal | None:
    if not may_remind:
        return refuse(JudgingRefusal.NOT_PRESIDENT)
    return open_refusal(department, locked=locked, at=at)
