import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.extras import Period
from hackathon.day.stage.models import Projector
from hackathon.extras.brief_scene.enums import ShowKind
from hackathon.extras.brief_scene.errors import BriefSceneRefusal
from hackathon.extras.brief_scene.models import BriefScene, ScenePackage

MEGABYTE = 1_000_000
FILE_MAX_BYTES = 200 * MEGABYTE
SHOWN = {
    "application/pdf": ShowKind.SLIDES,
    "video/mp4": ShowKind.FILM,
    "video/webm": ShowKind.FILM,
}
# Before the instant, when projectors may get the key (decision 40).
EARLY = timedelta(minutes=10)
# Projectors with a name show the scene by themselves: so long before the instant, more than
# `EARLY`, and its titles so long after the film or the slides.
BEFORE = timedelta(minutes=15)
TITLES = timedelta(minutes=30)
# Of the page's estimate of the server's time: the brief may appear so much too early.
CLOCK_ERROR_MAX_MS = 500
# Pages report every ten seconds.
SILENT = timedelta(seconds=30)


def file_refusal(size: int, kind: str) -> Refusal | None:
    """`size` in bytes; `kind`: by `file_types.type_of`."""
    if size > FILE_MAX_BYTES:
        return refuse(BriefSceneRefusal.SHOW_TOO_LARGE, max=FILE_MAX_BYTES // MEGABYTE)
    return None if kind in SHOWN else refuse(BriefSceneRefusal.SHOW_KIND)


def clock_is_right(error_ms: int | None) -> bool:
    return error_ms is not None and error_ms <= CLOCK_ERROR_MAX_MS


def is_silent(projector: Projector, *, at: datetime) -> bool:
    return projector.reported_at is None or at - projector.reported_at > SILENT


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
    return works_offline and clock_is_right(clock_error_ms) and at >= instant - EARLY


def period(instant: datetime, seconds: int) -> Period:
    """When projectors with a name show the scene by themselves. `seconds`: of film or slides."""
    return instant - BEFORE, instant + timedelta(seconds=seconds) + TITLES


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
    return ProjectorState(
        projector=projector,
        is_silent=is_silent(projector, at=at),
        has_package=package is not None and projector.package == package.pk,
        has_key=projector.has_key and scene.works_offline,
        is_clock_right=clock_is_right(projector.clock_error_ms),
        knows_instant=projector.known_instant == instant,
        is_ready=projector.ready_at is not None,
    )


def ready_refusal(instant: datetime | None, *, at: datetime) -> Refusal | None:
    """The link of a room ends with the instant of the briefs."""
    return refuse(BriefSceneRefusal.TOO_LATE) if instant is not None and at >= instant else None
