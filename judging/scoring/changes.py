"""What a juror changes, as forms and tablets send it, and what they are answered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hackathon.base.core.errors import Refusal
from judging.enums import ChangeKind, VisitKind
from judging.models import Criterion, SheetChange


@dataclass(frozen=True)
class Change:
    """Of a sheet. `kind`: a `ChangeKind`, or that of a remark. `base` is the version that the juror
    saw; None looks for no conflict. `seen` are ids of submissions. `given_at` is by the clock of
    the device.
    """

    kind: str
    value: str = ""
    criterion: Criterion | None = None
    base: int | None = None
    seen: Sequence[int] = ()
    device: str = ""
    given_at: datetime | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def is_remark(self) -> bool:
        return self.kind not in ChangeKind.values


@dataclass(frozen=True)
class Visit:
    """What changes no sheet. `department`: its id, for what is about no team. `given_at`: by the
    clock of the device.
    """

    kind: VisitKind
    value: str
    key: uuid.UUID
    department: int = 0
    given_at: datetime | None = None


@dataclass(frozen=True)
class SentChange:
    """`team` and `criterion` are ids. Without `change` it could not be read."""

    key: str
    team: int = 0
    criterion: int | None = None
    change: Change | None = None


@dataclass(frozen=True)
class SentVisit:
    """`team` is an id; 0: it is about no team."""

    key: str
    team: int
    visit: Visit


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    ALREADY = "already"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class Result:
    """`version` is the sheet's afterwards. `theirs` is what a conflict kept."""

    key: str
    outcome: Outcome
    version: int = 0
    theirs: SheetChange | None = None
    refusal: Refusal | None = None

    @property
    def is_done(self) -> bool:
        """Whether the device may delete the change."""
        return self.outcome in (Outcome.ACCEPTED, Outcome.ALREADY)
