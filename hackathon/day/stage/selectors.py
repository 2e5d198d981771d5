"""What projectors show. Everything in a `Stage` is public."""

from dataclasses import dataclass, field
from datetime import datetime

from hackathon.base.core import extras
from hackathon.base.core.errors import Refusal
from hackathon.day.announcements import selectors as announcements
from hackathon.day.announcements.models import Announcement
from hackathon.day.site.page_clock import PageClock, page_clock
from hackathon.day.stage import rules
from hackathon.day.stage.enums import Scene
from hackathon.day.stage.models import ScreenChoice
from hackathon.event.editions import selectors as editions
from hackathon.event.editions.models import Department, Edition
from hackathon.event.partners.models import Partner
from hackathon.event.partners.selectors import partners_of
from judging.ceremony.selectors.screens import screen_state
from judging.ceremony.selectors.state import ScreenState
from judging.deliberation.selectors.envelopes import Envelope, envelopes
from judging.deliberation.selectors.publication import ceremony_has_begun
from submissions.board import Board, board
from submissions.seals.selectors import SealState, seal_state
from submissions.versions.progress import TeamProgress

WITH_BOARD = (Scene.NIGHT, Scene.COUNTDOWN, Scene.ARRIVALS, Scene.SEAL)
WITH_BANNER = (Scene.NIGHT, Scene.COUNTDOWN, Scene.ARRIVALS, Scene.DAY)
ANNOUNCEMENTS_AT_MOST = 3  # on their own scene
ARRIVALS_AT_MOST = 7

# ---------------------------------------------------------------- for projectors


@dataclass(frozen=True)
class Stage:
    """What a projector shows at one instant. Each scene reads only the fields that it needs."""

    scene: rules.AnyScene
    clock: PageClock
    department: Department | None
    is_before: bool
    changes_at: datetime | None
    board: Board | None = None
    announcements: list[Announcement] = field(default_factory=list)
    arrivals: list[TeamProgress] = field(default_factory=list)
    seal: SealState | None = None
    envelopes: list[Envelope] = field(default_factory=list)
    ceremony: ScreenState | None = None
    partners: list[Partner] = field(default_factory=list)

    @property
    def has_day_line(self) -> bool:
        return self.scene in (Scene.NIGHT, Scene.COUNTDOWN)

    @property
    def has_banner(self) -> bool:
        """Whether the newest announcement is below the scene."""
        return self.scene in WITH_BANNER


def stage(edition: Edition, code: str = "", *, has_name: bool = False, at: datetime) -> Stage:
    """An unknown code is ignored: a projector never shows an error. Sixteen queries at most.
    `has_name`: for a projector that has one. Others show scenes of extras only if they are chosen.
    """
    department = editions.find_department(edition, code)
    choice = rules.chosen(screen_choices(edition), department.pk if department else None)
    chosen_scene = choice.scene if choice else Scene.AUTO
    periods = periods_of(edition) if has_name else []
    scene, shown_envelopes = _scene(edition, chosen_scene, periods, at=at)
    moments = editions.moments(edition)
    progress = board(edition) if scene in WITH_BOARD else None
    deadline_has_passed = at > edition.deadline_at
    is_empty = editions.is_open_without_departments(edition, at=at)
    # Rehearsals are only on projectors for which the ceremony was chosen.
    rehearsals = chosen_scene == Scene.CEREMONY
    return Stage(
        scene=scene,
        # The clock of the edition: the user who is signed in may have an Extension.
        clock=page_clock(edition, moments, None, at=at, is_open_without_departments=is_empty),
        department=department,
        is_before=at < edition.starts_at,
        changes_at=rules.scene_changes_at(
            edition, [moment.at for moment in moments], periods, at=at
        ),
        board=progress,
        announcements=_announcements(edition, scene, at=at),
        arrivals=arrivals(progress) if progress and scene == Scene.ARRIVALS else [],
        seal=seal_state(edition, at=at) if progress and deadline_has_passed else None,
        envelopes=shown_envelopes if scene == Scene.ENVELOPES else [],
        ceremony=screen_state(edition, rehearsals=rehearsals, at=at)
        if scene == Scene.CEREMONY
        else None,
        partners=partners_of(edition) if scene == Scene.PARTNERS else [],
    )


def periods_of(edition: Edition) -> rules.Periods:
    """What each period costs."""
    found = [(scene, scene.period(edition)) for scene in extras.scenes(edition)]
    return [(scene, period) for scene, period in found if period is not None]


def arrivals(progress: Board) -> list[TeamProgress]:
    complete = [(team.completed_at, team) for team in progress.teams if team.completed_at]
    newest = sorted(complete, key=lambda pair: pair[0], reverse=True)[:ARRIVALS_AT_MOST]
    return [team for _completed_at, team in newest]


def _scene(
    edition: Edition, chosen: str, periods: rules.Periods = (), *, at: datetime
) -> tuple[rules.AnyScene, list[Envelope]]:
    """The scene for this choice, and the envelopes if they were read. Four queries at most."""
    follows = rules.follows_the_juries(edition, chosen, at=at)
    has_ceremony = follows and ceremony_has_begun(edition)
    needs_envelopes = chosen == Scene.ENVELOPES or (follows and not has_ceremony)
    shown_envelopes = envelopes(edition, at=at) if needs_envelopes else []
    scene = rules.scene_shown(
        edition,
        chosen,
        periods=periods,
        has_envelopes=any(envelope.digest for envelope in shown_envelopes),
        has_ceremony=has_ceremony,
        at=at,
    )
    return scene, shown_envelopes


def _announcements(edition: Edition, scene: rules.AnyScene, *, at: datetime) -> list[Announcement]:
    if scene == Scene.ANNOUNCEMENTS:
        public = announcements.public_announcements(edition, at=at)
        return announcements.pinned_first(public)[:ANNOUNCEMENTS_AT_MOST]
    if scene in WITH_BANNER:
        return announcements.public_announcements(edition, limit=1, at=at)
    return []


# ---------------------------------------------------------------- for organizers


@dataclass(frozen=True)
class ScreenLine:
    """`scene` is the chosen scene, `shown` the one that it results in now, until `changes_at` at
    least.
    """

    department: Department | None
    choice: ScreenChoice | None
    scene: rules.AnyScene
    shown: rules.AnyScene
    changes_at: datetime | None
    has_name: bool = False  # of the projectors that have one

    @property
    def is_automatic(self) -> bool:
        return self.scene == Scene.AUTO


@dataclass(frozen=True)
class SceneTile:
    scene: rules.AnyScene
    refusal: Refusal | None
    is_chosen: bool  # for all projectors


def screen_choices(edition: Edition) -> list[ScreenChoice]:
    """The choice for all projectors first, then those of departments."""
    return list(edition.screen_choices.select_related("chosen_by", "department"))


def screen_lines(edition: Edition, periods: rules.Periods, *, at: datetime) -> list[ScreenLine]:
    """That of all projectors, that of projectors with a name if they show something else by
    themselves, those of departments. `periods`: `periods_of`.
    """
    choices = screen_choices(edition)
    own = [choice for choice in choices if choice.department is not None]
    for_all = rules.chosen(choices, None)
    lines = [_line(edition, for_all, periods, has_name=name, at=at) for name in (False, True)]
    if lines[0].shown == lines[1].shown or not edition.projectors.exists():
        del lines[1]
    return lines + [_line(edition, choice, periods, at=at) for choice in own]


def screens_without_ceremony(edition: Edition, *, at: datetime) -> list[ScreenLine]:
    lines = screen_lines(edition, [], at=at)
    return [line for line in lines if line.shown != Scene.CEREMONY]


def scene_tiles(edition: Edition, *, at: datetime) -> list[SceneTile]:
    choice = edition.screen_choices.filter(department=None).first()
    chosen = _chosen(edition, choice)
    first, *others = Scene
    offered: list[rules.AnyScene] = [first, *extras.scenes(edition), *others]
    return [
        SceneTile(
            scene,
            rules.scene_refusal(edition, None, scene.value, at=at),
            is_chosen=scene == chosen,
        )
        for scene in offered
    ]


def _chosen(edition: Edition, choice: ScreenChoice | None) -> rules.AnyScene:
    found = rules.find_scene(edition, choice.scene) if choice else None
    return found or Scene.AUTO


def _line(
    edition: Edition,
    choice: ScreenChoice | None,
    periods: rules.Periods,
    *,
    has_name: bool = False,
    at: datetime,
) -> ScreenLine:
    scene = _chosen(edition, choice)
    shown, _envelopes = _scene(edition, scene.value, periods if has_name else (), at=at)
    changes_at = rules.scene_changes_at(edition, (), periods, at=at)
    department = choice.department if choice else None
    return ScreenLine(department, choice, scene, shown, changes_at, has_name)
