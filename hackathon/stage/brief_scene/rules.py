import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hackathon.core.errors import Refusal, refuse
from hackathon.stage.enums import ShowKind
from hackathon.stage.errors import StageRefusal
from hackathon.stage.models import BriefScene, Projector, ScenePackage

MEGABYTE = 1_000_000
FILE_MAX_BYTES = 200 * MEGABYTE
HEAD = 12  # bytes that tell the type
# Before the instant, when projectors may get the key (decision 40).
EARLY = timedelta(minutes=10)
# Of the page's estimate of the server's time: the brief may appear so much too early.
CLOCK_ERROR_MAX_MS = 500
# Pages report every ten seconds.
SILENT = timedelta(seconds=30)


def show_kind(head: bytes) -> ShowKind:
    """By the first `HEAD` bytes."""
    if head.startswith(b"%PDF-"):
        return ShowKind.SLIDES
    is_film = head[4:8] == b"ftyp" or head.startswith(b"\x1aE\xdf\xa3")
    return ShowKind.FILM if is_film else ShowKind.NONE


def film_type(head: bytes) -> str:
    return "video/mp4" if head[4:8] == b"ftyp" else "video/webm"


def file_refusal(size: int, head: bytes) -> Refusal | None:
    """`size` in bytes."""
    if size > FILE_MAX_BYTES:
        return refuse(StageRefusal.SHOW_TOO_LARGE, max=FILE_MAX_BYTES // MEGABYTE)
    return refuse(StageRefusal.SHOW_KIND) if show_kind(head) == ShowKind.NONE else None


def key_is_due(
    instant: datetime | None, *, works_offline: bool, clock_error_ms: int | None, at: datetime
) -> bool:
    """Whether a projector gets the key. Before the instant only if its clock is right: it uses the
    key by that clock.
    """
    if instant is None:
        return False
    if at >= instant:
        return True
    is_right = clock_error_ms is not None and clock_error_ms <= CLOCK_ERROR_MAX_MS
    return works_offline and is_right and at >= instant - EARLY


def contents_digest(texts: dict[str, object], parts: Iterable[str]) -> str:
    """Of all that the package contains; `parts` names its files."""
    return hashlib.sha256(json.dumps([texts, *parts]).encode()).hexdigest()


@dataclass(frozen=True)
class ProjectorState:
    """What organizers see of a projector at one instant."""

    projector: Projector
    is_silent: bool
    has_package: bool
    has_key: bool
    is_clock_right: bool
    knows_instant: bool
    is_ready: bool


def projector_state(
    projector: Projector,
    package: ScenePackage | None,
    scene: BriefScene,
    instant: datetime | None,
    *,
    at: datetime,
) -> ProjectorState:
    reported, error = projector.reported_at, projector.clock_error_ms
    return ProjectorState(
        projector=projector,
        is_silent=reported is None or at - reported > SILENT,
        has_package=package is not None and projector.package == package.pk,
        has_key=projector.has_key and scene.works_offline,
        is_clock_right=error is not None and error <= CLOCK_ERROR_MAX_MS,
        knows_instant=projector.known_instant == instant,
        is_ready=projector.ready_at is not None,
    )


def ready_refusal(instant: datetime | None, *, at: datetime) -> Refusal | None:
    """The link of a room ends with the instant of the briefs."""
    return refuse(StageRefusal.TOO_LATE) if instant is not None and at >= instant else None
