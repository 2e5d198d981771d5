"""Writes the changes that tablets send: in their order, each at most once.

Each change has its own transaction, so that a refused one does not take others with it.
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
from judging.scoring.services import sheets
from judging.scoring.services.sheets import Change, Conflict
from teams.models import Team


@dataclass(frozen=True)
class SentChange:
    """A change as a device sent it; `change` is None if it could not be read.

    `team` and `criterion` are ids.
    """

    key: str
    team: int = 0
    criterion: int | None = None
    change: Change | None = None


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    ALREADY = "already"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """What became of the change `key`.

    `version` is the sheet's afterwards. After a conflict `theirs` is the change that was kept.
    """

    key: str
    outcome: Outcome
    version: int = 0
    theirs: SheetChange | None = None
    refusal: Refusal | None = None

    @property
    def is_done(self) -> bool:
        """Whether the device may delete the change."""
        return self.outcome in (Outcome.ACCEPTED, Outcome.ALREADY)


def write_changes(
    *, by: User, edition: Edition | None, changes: Sequence[SentChange], at: datetime
) -> list[Result]:
    """Write these changes of one juror; one result for each, in their order."""
    found = Team.objects.filter(edition=edition).select_related("department")
    teams = found.in_bulk({sent.team for sent in changes})
    criteria = Criterion.objects.in_bulk({s.criterion for s in changes if s.criterion is not None})
    for team in teams.values():
        team.department.edition = team.edition = edition  # type: ignore[assignment]
    return [
        _result(sent, teams.get(sent.team), criteria.get(sent.criterion or 0), by, at)
        for sent in changes
    ]


def write_sealed_changes(
    *, user_pk: int, edition: Edition | None, changes: Sequence[SentChange], at: datetime
) -> list[Result]:
    """The same for sealed changes: by the user of their ticket, whoever is signed in."""
    by = User.objects.filter(pk=user_pk).first()
    if by is None:
        not_juror = refuse(JudgingRefusal.NOT_JUROR)
        return [Result(sent.key, Outcome.REFUSED, refusal=not_juror) for sent in changes]
    return write_changes(by=by, edition=edition, changes=changes, at=at)


def _result(
    sent: SentChange,
    team: Team | None,
    criterion: Criterion | None,
    by: User,
    at: datetime,
) -> Result:
    if sent.change is None:
        unreadable = refuse(JudgingRefusal.CHANGE_UNREADABLE)
        return Result(sent.key, Outcome.REFUSED, refusal=unreadable)
    if team is None:
        return Result(sent.key, Outcome.REFUSED, refusal=refuse(JudgingRefusal.NOT_JUROR))
    try:
        return _write(sent.key, replace(sent.change, criterion=criterion), team, by, at)
    except (Refused, IntegrityError) as error:
        # A change that is sent again is rare, so it is looked for only after a failure: of the
        # unique constraint, or of a rule, which the change itself may have made refuse. It counts
        # as written whatever the rules are by now.
        rows = SheetChange.objects.filter(juror__user=by, juror__department=team.department_id)
        if written := rows.filter(key=sent.change.key).first():
            return Result(sent.key, Outcome.ALREADY, written.version)
        if isinstance(error, IntegrityError):
            raise
        if isinstance(error, Conflict):
            return Result(sent.key, Outcome.CONFLICT, error.version, error.theirs, error.refusal)
        return Result(sent.key, Outcome.REFUSED, refusal=error.refusal)


@transaction.atomic
def _write(key: str, change: Change, team: Team, by: User, at: datetime) -> Result:
    seat = locks.seat_of(by, team.department)
    if seat is None:
        raise Refused(refuse(JudgingRefusal.NOT_JUROR))
    sheet = sheets.writable_sheet(seat, team, by, at)
    sheet = sheets.write(seat, team, sheet, change, at=at)
    return Result(key, Outcome.ACCEPTED, sheet.version if sheet else 0)
