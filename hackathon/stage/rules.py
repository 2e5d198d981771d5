from collections.abc import Iterable
from datetime import datetime, timedelta

from hackathon.core.errors import Refusal, refuse
from hackathon.editions import rules
from hackathon.editions.enums import Phase
from hackathon.editions.models import Department, Edition
from hackathon.stage.enums import Scene
from hackathon.stage.errors import StageRefusal
from hackathon.stage.models import ScreenChoice

# Before the deadline, when projectors show the countdown by themselves.
LAST = timedelta(minutes=10)
# Projectors with a name show the scene « Le sujet » by themselves: so long before the instant, more
# than `brief_scene.rules.EARLY`, and its titles so long after the film or the slides.
BEFORE_BRIEF = timedelta(minutes=15)
TITLES = timedelta(minutes=30)

type Period = tuple[datetime, datetime]  # the first instant, and the one after the last


def scene_refusal(
    edition: Edition, department: Department | None, scene: str, *, at: datetime
) -> Refusal | None:
    if department is not None and department.edition_id != edition.pk:
        return refuse(StageRefusal.SCREEN_ELSEWHERE)
    if scene not in Scene.values:
        return refuse(StageRefusal.SCENE_UNKNOWN)
    if scene in (Scene.SEAL, Scene.ENVELOPES) and not _deadline_has_passed(edition, at):
        return refuse(StageRefusal.SCENE_TOO_EARLY)
    return None


def chosen(choices: Iterable[ScreenChoice], department_pk: int | None) -> ScreenChoice | None:
    """The choice for the projectors of this department; None if nothing was chosen."""
    by_department = {choice.department_id: choice for choice in choices}
    return by_department.get(department_pk) or by_department.get(None)


def scene_shown(
    edition: Edition,
    scene: str,
    *,
    brief: Period | None = None,
    has_envelopes: bool = False,
    has_ceremony: bool = False,
    at: datetime,
) -> Scene:
    """Never `AUTO`. `brief`: when this projector shows the brief by itself. `has_envelopes`: a jury
    has sealed its decision. `has_ceremony`: a real one has begun. If the deadline was moved, seals
    are not shown until it has passed.
    """
    needs_deadline = scene in (Scene.SEAL, Scene.ENVELOPES)
    if scene != Scene.AUTO and not (needs_deadline and not _deadline_has_passed(edition, at)):
        return Scene(scene)
    automatic = _automatic(edition, at)
    if automatic == Scene.NIGHT and brief is not None and brief[0] <= at < brief[1]:
        return Scene.BRIEF
    if automatic != Scene.SEAL:
        return automatic
    if has_ceremony:
        return Scene.CEREMONY
    return Scene.ENVELOPES if has_envelopes else automatic


def follows_the_juries(edition: Edition, scene: str, *, at: datetime) -> bool:
    """Whether `scene_shown` depends on envelopes and ceremony."""
    return scene == Scene.AUTO and _automatic(edition, at) == Scene.SEAL


def brief_period(instant: datetime, seconds: int) -> Period:
    """When projectors with a name show the scene « Le sujet » by themselves. `seconds`: of its film
    or slides.
    """
    return instant - BEFORE_BRIEF, instant + timedelta(seconds=seconds) + TITLES


def scene_changes_at(
    edition: Edition, instants: Iterable[datetime], *, at: datetime
) -> datetime | None:
    """When the scene can next change by the clock alone; `instants` are those of the day, and the
    period of the brief for a projector that shows it.
    """
    return rules.next_change_at(edition, [edition.deadline_at - LAST, *instants], at=at)


def _automatic(edition: Edition, at: datetime) -> Scene:
    phase = rules.phase(edition, at=at)
    if phase == Phase.RUNNING and at >= edition.deadline_at - LAST:
        return Scene.COUNTDOWN
    if phase in (Phase.CLOSED, Phase.JUDGING, Phase.DELIBERATED):
        return Scene.SEAL
    if phase == Phase.PUBLISHED:
        return Scene.CEREMONY
    return Scene.NIGHT


def _deadline_has_passed(edition: Edition, at: datetime) -> bool:
    return at > edition.deadline_at
