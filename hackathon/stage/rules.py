"""What a projector shows, from what was chosen and from the clock. Pure: `at` is an argument."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from hackathon.core.errors import Refusal, refuse
from hackathon.editions import rules
from hackathon.editions.enums import Phase
from hackathon.editions.models import Department, Edition
from hackathon.stage.enums import Scene
from hackathon.stage.errors import StageRefusal
from hackathon.stage.models import ScreenChoice

# The end of the day, when only the number counts.
LAST = timedelta(minutes=10)


def scene_refusal(
    edition: Edition, department: Department | None, scene: str, *, at: datetime
) -> Refusal | None:
    """Whether `scene` can be put on all projectors, or on those of `department`."""
    if department is not None and department.edition_id != edition.pk:
        return refuse(StageRefusal.SCREEN_ELSEWHERE)
    if scene not in Scene.values:
        return refuse(StageRefusal.SCENE_UNKNOWN)
    if scene in (Scene.SEAL, Scene.ENVELOPES) and not _is_sealing(edition, at):
        return refuse(StageRefusal.SCENE_TOO_EARLY)
    return None


def chosen(choices: Iterable[ScreenChoice], department_pk: int | None) -> ScreenChoice | None:
    """What was chosen for the projector of this department, its own choice before that of all.

    None: nothing was, it goes by itself.
    """
    found = {choice.department_id: choice for choice in choices}
    return found.get(department_pk) or found.get(None)


def scene_shown(
    edition: Edition,
    scene: str,
    *,
    has_envelopes: bool = False,
    has_ceremony: bool = False,
    at: datetime,
) -> Scene:
    """The scene that is on the projector at `at`; never `AUTO`. `has_envelopes`: a jury has sealed
    what it decided; by itself the projector shows those from then on. `has_ceremony`: a real one
    is on; by itself the projector follows it, and keeps its last picture once all is published.

    A deadline that has moved into the future takes seals off: one works again, the clock counts.
    """
    is_sealed = scene in (Scene.SEAL, Scene.ENVELOPES)
    if scene != Scene.AUTO and not (is_sealed and not _is_sealing(edition, at)):
        return Scene(scene)
    found = _by_itself(edition, at)
    if found != Scene.SEAL:
        return found
    if has_ceremony:
        return Scene.CEREMONY
    return Scene.ENVELOPES if has_envelopes else found


def follows_the_juries(edition: Edition, scene: str, *, at: datetime) -> bool:
    """Whether it has to be known if there are envelopes or a ceremony, to say what is shown."""
    return scene == Scene.AUTO and _by_itself(edition, at) == Scene.SEAL


def scene_changes_at(
    edition: Edition, instants: Iterable[datetime], *, at: datetime
) -> datetime | None:
    """When a projector would next look otherwise, by the clock alone."""
    return rules.next_change_at(edition, [edition.deadline_at - LAST, *instants], at=at)


def _by_itself(edition: Edition, at: datetime) -> Scene:
    phase = rules.phase(edition, at=at)
    if phase == Phase.RUNNING and at >= edition.deadline_at - LAST:
        return Scene.COUNTDOWN
    if phase in (Phase.CLOSED, Phase.JUDGING, Phase.DELIBERATED):
        return Scene.SEAL
    if phase == Phase.PUBLISHED:
        return Scene.CEREMONY
    return Scene.NIGHT


def _is_sealing(edition: Edition, at: datetime) -> bool:
    return at > edition.deadline_at
