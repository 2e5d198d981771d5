"""How much one team may store, and what is kept for the others. All sizes are in bytes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.formats import size_text
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.models import Deliverable, Upload
from submissions.storage import Space

# Far above what a team sends at once: the limit stops scripts that open transfers and leave them.
OPEN_UPLOADS_MAX = 200
# A team may store so many complete sets of its deliverables at their largest size, so far more of
# the usual size.
SETS_OF_A_TEAM = 6
TEAM_BYTES_MIN = 500_000_000
# Versions of one deliverable, by a team. An organizer who enters one for it is not limited.
VERSIONS_MAX = 50
VERSIONS_WARNED = 10  # a team sees a warning when so many are left
WARNED_SHARE = 0.25  # a team sees a warning when less than this is left
# A transfer that has sent nothing for so long takes no space from other teams.
SILENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Budget:
    """Of one team. `used`: its versions, and what its open uploads announced."""

    total: int
    used: int
    open_uploads: int = 0
    # By deliverable id: the largest size of those that have neither a version nor an open upload.
    not_begun: dict[int, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """For new versions of what the team has handed in."""
        return max(self.total - self.used - sum(self.not_begun.values()), 0)

    @property
    def is_nearly_used(self) -> bool:
        return self.left < WARNED_SHARE * self.total

    def left_for(self, deliverable: Deliverable) -> int:
        """What the team's first versions of its other deliverables may need is not for this one."""
        return self.left + self.not_begun.get(deliverable.pk, 0)


def team_bytes(deliverables: list[Deliverable]) -> int:
    """`deliverables`: the files that the team's department asks for."""
    return max(SETS_OF_A_TEAM * sum(d.max_bytes for d in deliverables), TEAM_BYTES_MIN)


def budget_of(
    deliverables: Iterable[Deliverable], stored: Mapping[int, int], uploads: Iterable[Upload]
) -> Budget:
    """All of one team. `stored`: the bytes of all versions, by id of the deliverables that have
    one. `uploads`: those that are open.
    """
    files = [d for d in deliverables if d.kind == DeliverableKind.FILE]
    announced = list(uploads)
    begun = {*stored, *(upload.deliverable_id for upload in announced)}
    return Budget(
        total=team_bytes(files),
        used=sum(stored.values()) + sum(upload.length for upload in announced),
        open_uploads=len(announced),
        not_begun={d.pk: d.max_bytes for d in files if d.pk not in begun},
    )


def open_uploads_refusal(budget: Budget) -> Refusal | None:
    if budget.open_uploads < OPEN_UPLOADS_MAX:
        return None
    return refuse(DepositRefusal.TOO_MANY_UPLOADS, max=OPEN_UPLOADS_MAX)


def versions_refusal(versions: int) -> Refusal | None:
    """`versions`: those that the team has of the deliverable."""
    if versions < VERSIONS_MAX:
        return None
    return refuse(DepositRefusal.TOO_MANY_VERSIONS, max=VERSIONS_MAX)


def bytes_refusal(budget: Budget, deliverable: Deliverable, *, size: int) -> Refusal | None:
    """Never for a first version, unless other uploads of the same deliverable are open."""
    left = budget.left_for(deliverable)
    if deliverable.pk in budget.not_begun or size <= left:
        return None
    return refuse(DepositRefusal.TEAM_BUDGET, total=size_text(budget.total), left=size_text(left))


def space_refusal(space: Space, *, size: int, is_first: bool) -> Refusal | None:
    """`size`: what is not on the disk yet. `is_first`: the team has no version of it."""
    if space.free - space.promised - size < space.reserve:
        return refuse(DepositRefusal.STORAGE_FULL)
    if not is_first and size > space.available - space.kept:
        return refuse(DepositRefusal.STORAGE_KEPT)
    return None
