"""What tablets send when they can: changes in the order in which they were made, each written once.

Each change has a transaction of its own, so that one refusal takes none of the others with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from hackathon.accounts.models import User
from hackathon.core.errors import Refusal, Refused, refuse
from hackathon.editions.models import Edition
from judging import locks
from judging.errors import JudgingRefusal
from judging.models import Criterion, SheetChange
from judging.scoring.services import sheets as scoring
from judging.scoring.services.sheets import Change, Conflict
from teams.models import Team


@dataclass(frozen=True)
class Sent:
    """A change as a device sent it. `criterion` is an id; without `change` nobody could read it."""

    key: str
    team: int = 0
    criterion: int | None = None
    change: Change | None = None


class State(StrEnum):
    """What became of a change."""

    ACCEPTED = "accepted"
    ALREADY = "already"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """What became of the change `key`. `version` is the sheet's with it, or as it is without it.

    In a conflict `theirs` is what the server has; of a refusal there is the reason.
    """

    key: str
    state: State
    version: int = 0
    theirs: SheetChange | None = None
    refusal: Refusal | None = None

    @property
    def is_done(self) -> bool:
        """Whether the device need not keep it."""
        return self.state in (State.ACCEPTED, State.ALREADY)


def take(
    *, by: User, edition: Edition | None, changes: Sequence[Sent], at: datetime
) -> list[Answer]:
    """Write these changes of one juror in their order; an answer for each."""
    found = Team.objects.filter(edition=edition).select_related("department")
    teams = found.in_bulk({sent.team for sent in changes})
    criteria = Criterion.objects.in_bulk({s.criterion for s in changes if s.criterion is not None})
    for team in teams.values():
        team.department.edition = team.edition = edition  # type: ignore[assignment]
    return [
        _answer(sent, teams.get(sent.team), criteria.get(sent.criterion or 0), by, at)
        for sent in changes
    ]


def take_sealed(
    *, user_pk: int, edition: Edition | None, changes: Sequence[Sent], at: datetime
) -> list[Answer]:
    """The same for what came sealed: by the person of its ticket, whoever carries it."""
    by = User.objects.filter(pk=user_pk).first()
    if by is None:
        gone = refuse(JudgingRefusal.NOT_JUROR)
        return [Answer(sent.key, State.REFUSED, refusal=gone) for sent in changes]
    return take(by=by, edition=edition, changes=changes, at=at)


def _answer(
    sent: Sent,
    team: Team | None,
    criterion: Criterion | None,
    by: User,
    at: datetime,
) -> Answer:
    if sent.change is None:
        return Answer(sent.key, State.REFUSED, refusal=refuse(JudgingRefusal.CHANGE_UNREADABLE))
    if team is None:
        return Answer(sent.key, State.REFUSED, refusal=refuse(JudgingRefusal.NOT_JUROR))
    try:
        return _write(sent.key, replace(sent.change, criterion=criterion), team, by, at)
    except (Refused, IntegrityError) as error:
        # What was written stays written, whatever the rules say by now. That a change comes again
        # is rare: the constraint tells, or a rule that the change itself has made say no.
        rows = SheetChange.objects.filter(juror__user=by, juror__department=team.department_id)
        if twice := rows.filter(key=sent.change.key).first():
            return Answer(sent.key, State.ALREADY, twice.version)
        if isinstance(error, IntegrityError):
            raise
        if isinstance(error, Conflict):
            return Answer(sent.key, State.CONFLICT, error.version, error.theirs, error.refusal)
        return Answer(sent.key, State.REFUSED, refusal=error.refusal)


@transaction.atomic
def _write(key: str, change: Change, team: Team, by: User, at: datetime) -> Answer:
    seat = locks.seat_of(by, team.department)
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    sheet = scoring.sheet_of(seat, team, by, at)
    sheet = scoring.write(seat, team, sheet, change, at=at)
    return Answer(key, State.ACCEPTED, sheet.version if sheet else 0)
