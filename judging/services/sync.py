"""What tablets send when they can: changes in the order in which they were made, each written once.

Each change has a transaction of its own, so that one refusal takes none of the others with it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core.errors import Refusal, Refused, refuse
from hackathon.editions.models import Edition
from judging.errors import JudgingRefusal
from judging.models import Criterion, Juror, SheetChange
from judging.selectors import jury_of
from judging.services import scoring
from judging.services.scoring import Change, Conflict
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
    teams = Team.objects.in_bulk({sent.team for sent in changes})
    criteria = Criterion.objects.in_bulk({s.criterion for s in changes if s.criterion is not None})
    seats = {seat.department_id: seat for seat in jury_of(by, edition)}
    answers = []
    for sent in changes:
        team = teams.get(sent.team)
        seat = seats.get(team.department_id) if team else None
        criterion = criteria.get(sent.criterion) if sent.criterion is not None else None
        answers.append(_answer(sent, seat, team, criterion, by, at))
    return answers


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
    seat: Juror | None,
    team: Team | None,
    criterion: Criterion | None,
    by: User,
    at: datetime,
) -> Answer:
    try:
        if sent.change is None:
            raise Refused(refuse(JudgingRefusal.CHANGE_UNREADABLE))
        if seat is None or team is None:
            raise Refused(refuse(JudgingRefusal.NOT_JUROR))
        return _write(sent.key, sent.change, seat, team, criterion, by, at)
    except Conflict as conflict:
        return Answer(sent.key, State.CONFLICT, conflict.version, conflict.theirs, conflict.refusal)
    except Refused as refused:
        return Answer(sent.key, State.REFUSED, refusal=refused.refusal)


@transaction.atomic
def _write(
    key: str,
    change: Change,
    seat: Juror,
    team: Team,
    criterion: Criterion | None,
    by: User,
    at: datetime,
) -> Answer:
    # Before the rules: what was written while the jury was open stays written.
    known = SheetChange.objects.filter(juror=seat, key=uuid.UUID(key))
    if written := known.first():
        return Answer(key, State.ALREADY, written.version)
    seat, sheet = scoring.open_sheet(seat, team, by, at)
    if written := known.first():  # the other request held the seat
        return Answer(key, State.ALREADY, written.version)
    sheet = scoring.write(seat, team, sheet, replace(change, criterion=criterion), at=at)
    return Answer(key, State.ACCEPTED, sheet.version if sheet else 0)
