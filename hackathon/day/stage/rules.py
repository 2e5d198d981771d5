from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from hackathon.base.core import extras
from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.extras import Period, ProjectorScene
from hackathon.day.stage.enums import Scene
from hackathon.day.stage.errors import StageRefusal
from hackathon.day.stage.models import ScreenChoice
from hackathon.event.editions import rules
from hackathon.event.editions.enums import Phase
from hackathon.event.editions.models import Department, Edition

# Before the deadline, when projectors show the countdown by themselves.
LAST = timedelta(minutes=10)

type AnyScene = Scene | ProjectorScene
# When projectors with a name show scenes of extras by themselves.
type Periods = Sequence[tuple[ProjectorScene, Period]]


def scene_refusal(
    edition: Edition, department: Department | None, scene: str, *, at: datetime
) -> Refusal | None:
    if department is not None and department.edition_id != edition.pk:
        return refuse(StageRefusal.SCREEN_ELSEWHERE)
    if find_scene(edition, scene) is None:
        return refuse(StageRefusal.SCENE_UNKNOWN)
    if scene in (Scene.SEAL, Scene.ENVELOPES) and not _deadline_has_passed(edition, at):
        return refuse(StageRefusal.SCENE_TOO_EARLY)
    return None


def chosen(choices: Iterable[ScreenChoice], department_pk: int | None) -> ScreenChoice | None:
    """The choice for the projectors of this department; None if nothing was chosen."""
    by_department = {choice.department_id: choice for choice in choices}
    return by_department.get(department_pk) or by_department.get(None)


def find_scene(edition: Edition, value: str) -> AnyScene | None:
    """None for one of an extra that is off or not installed."""
    if value in Scene.values:
        return Scene(value)
    return next((scene for scene in extras.scenes(edition) if scene.value == value), None)


def scene_shown(
    edition: Edition,
    scene: str,
    *,
    periods: Periods = (),
    has_envelopes: bool = False,
    has_ceremony: bool = False,
    at: datetime,
) -> AnyScene:
    """Never `AUTO`. `periods`: none for a projector without a name. `has_envelopes`: a jury has
    sealed its decision. `has_ceremony`: a real one has begun. If the deadline was moved, seals are
    not shown until it has passed.
    """
    wanted = find_scene(edition, scene) or Scene.AUTO
    needs_deadline = wanted in (Scene.SEAL, Scene.ENVELOPES)
    if wanted != Scene.AUTO and not (needs_deadline and not _deadline_has_passed(edition, at)):
        return wanted
    automatic = _automatic(edition, at)
    if automatic == Scene.NIGHT:
        return next((own for own, (first, end) in periods if first <= at < end), automatic)
    if automatic != Scene.SEAL:
        return automatic
    if has_ceremony:
        return Scene.CEREMONY
    return Scene.ENVELOPES if has_envelopes else automatic


def follows_the_juries(edition: Edition, scene: str, *, at: datetime) -> bool:
    """Whether `scene_shown` depends on envelopes and ceremony."""
    is_automatic = (find_scene(edition, scene) or Scene.AUTO) == Scene.AUTO
    return is_automatic and _automatic(edition, at) == Scene.SEAL


def scene_changes_at(
    edition: Edition, instants: Iterable[datetime], periods: Periods = (), *, at: datetime
) -> datetime | None:
    """When the scene can next change by the clock alone; `instants` are those of the day."""
    ends = (instant for _scene, period in periods for instant in period)
    return rules.next_change_at(edition, [edition.deadline_at - LAST, *instants, *ends], at=at)


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
