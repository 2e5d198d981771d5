"""What a projector shows: read for its scene alone, and only what everybody may know."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hackathon.announcements import selectors
from hackathon.announcements.selectors import AnnouncementLine
from hackathon.core.errors import Refusal
from hackathon.editions import selectors as editions_selectors
from hackathon.editions.models import Department, Edition
from hackathon.site.page_clock import PageClock, page_clock
from hackathon.stage import rules
from hackathon.stage import selectors as stage_selectors
from hackathon.stage.enums import Scene
from hackathon.stage.models import ScreenChoice
from judging.ceremony.selectors.screens import Shown, ceremony_shown
from judging.deliberation.selectors import envelopes
from judging.deliberation.selectors.envelopes import Envelope
from judging.deliberation.selectors.publication import ceremony_has_begun
from submissions.board import Board, board
from submissions.deposits.selectors import TeamProgress
from submissions.seals.selectors import SealState, seal_state

# What makes a stage another one. `screen.switched` is not waited for; of the rest a burst is one.
NEWS = (
    "screen.switched",
    "window.changed",
    "deliverable.changed",
    "team.registered",
    "team.dissolved",
    "announcement.published",
    "announcement.corrected",
    "announcement.withdrawn",
    "edition.changed",
    "extension.granted",
    "extension.revoked",
    "seal.made",
    "results.published",
    "deliberation.locked",
    "deliberation.reopened",
    "ceremony.moved",
)
WITH_WINDOWS = (Scene.NIGHT, Scene.COUNTDOWN, Scene.ARRIVALS, Scene.SEAL)
WITH_BANNER = (Scene.NIGHT, Scene.COUNTDOWN, Scene.ARRIVALS, Scene.DAY)
LARGE = 3  # announcements on the scene that shows nothing else
ARRIVALS = 7  # teams on the scene of those who have just handed in everything


@dataclass(frozen=True)
class Stage:
    """The projector's picture at one instant. `board` is there where windows are shown."""

    scene: Scene
    clock: PageClock
    department: Department | None
    is_before: bool
    changes_at: datetime | None
    board: Board | None = None
    announcements: list[AnnouncementLine] = field(default_factory=list)
    arrivals: list[TeamProgress] = field(default_factory=list)
    seal: SealState | None = None
    envelopes: list[Envelope] = field(default_factory=list)
    ceremony: Shown | None = None

    @property
    def template(self) -> str:
        """What draws it."""
        return f"stage/projector/{self.scene.value}.html"

    @property
    def has_day_line(self) -> bool:
        """Whether the day's line stands below."""
        return self.scene in (Scene.NIGHT, Scene.COUNTDOWN)

    @property
    def has_banner(self) -> bool:
        """Whether the newest announcement stands below."""
        return self.scene in WITH_BANNER

    @property
    def news(self) -> str:
        """The messages after which it is fetched again."""
        return " ".join(NEWS)


def stage(edition: Edition, code: str = "", *, at: datetime) -> Stage:
    """The stage of the projectors of the department `code`; of all, without one or with a code
    that is not there: a projector never shows an error. Fifteen queries at most.
    """
    department = editions_selectors.find_department(edition, code)
    own = None if department is None else department.pk
    chosen = rules.chosen(stage_selectors.screen_choices(edition), own)
    wanted = chosen.scene if chosen else Scene.AUTO
    scene, sealed = _scene(edition, wanted, at=at)
    moments = editions_selectors.moments(edition)
    windows = board(edition) if scene in WITH_WINDOWS else None
    is_over = at > edition.deadline_at
    is_empty = editions_selectors.is_open_for_nothing(edition, at=at)
    return Stage(
        scene=scene,
        # Not that of a signed-in student, whose team may have more time.
        clock=page_clock(edition, moments, None, at=at, is_open_for_nothing=is_empty),
        department=department,
        is_before=at < edition.starts_at,
        changes_at=rules.scene_changes_at(edition, [moment.at for moment in moments], at=at),
        board=windows,
        announcements=_announcements(edition, scene, at=at),
        arrivals=arrivals(windows) if windows and scene == Scene.ARRIVALS else [],
        # While one works (again), the clock is what counts.
        seal=seal_state(edition, at=at) if is_over and windows else None,
        envelopes=sealed,
        ceremony=_ceremony(edition, wanted, at=at) if scene == Scene.CEREMONY else None,
    )


def _ceremony(edition: Edition, chosen: str, *, at: datetime) -> Shown:
    """A rehearsal is only on the projectors for which somebody has chosen the ceremony."""
    return ceremony_shown(edition, rehearsals=chosen == Scene.CEREMONY, at=at)


def _scene(edition: Edition, chosen: str, *, at: datetime) -> tuple[Scene, list[Envelope]]:
    """What is shown, and the envelopes where they are; four queries where there may be any."""
    follows = rules.follows_the_juries(edition, chosen, at=at)
    begun = follows and ceremony_has_begun(edition)
    maybe = chosen == Scene.ENVELOPES or (follows and not begun)
    found = envelopes.envelopes(edition, at=at) if maybe else []
    closed = any(envelope.digest for envelope in found)
    scene = rules.scene_shown(edition, chosen, has_envelopes=closed, has_ceremony=begun, at=at)
    return scene, found if scene == Scene.ENVELOPES else []


def arrivals(windows: Board) -> list[TeamProgress]:
    """The teams whose windows lit up last, the newest first."""
    lit = [(team.completed_at, team) for team in windows.teams if team.completed_at is not None]
    return [team for _since, team in sorted(lit, key=lambda pair: pair[0], reverse=True)[:ARRIVALS]]


def _announcements(edition: Edition, scene: Scene, *, at: datetime) -> list[AnnouncementLine]:
    if scene == Scene.ANNOUNCEMENTS:
        lines = selectors.public_announcements(edition, at=at)
        return selectors.pinned_first(lines)[:LARGE]
    if scene in WITH_BANNER:
        return selectors.public_announcements(edition, limit=1, at=at)
    return []


# ---------------------------------------------------------------- for who drives them


HINTS = {
    Scene.AUTO: _("suit l’heure et la cérémonie"),
    Scene.NIGHT: _("façade et compte à rebours"),
    Scene.COUNTDOWN: _("le nombre, en grand"),
    Scene.DAY: _("le programme et ses heures"),
    Scene.ANNOUNCEMENTS: _("la dernière, en grand"),
    Scene.ARRIVALS: _("qui vient de tout rendre"),
    Scene.SEAL: _("l’empreinte de ce qui compte"),
    Scene.ENVELOPES: _("les empreintes des décisions"),
    Scene.CEREMONY: _("suit la télécommande"),
    Scene.PAUSE: _("rien, ou presque"),
}


@dataclass(frozen=True)
class SceneTile:
    """A scene to choose: its words, and why it cannot be chosen now."""

    scene: Scene
    hint: str
    refusal: Refusal | None


@dataclass(frozen=True)
class ScreenLine:
    """Some projectors: what was chosen for them, by whom, and the scene that it comes to now."""

    department: Department | None
    choice: ScreenChoice | None
    scene: Scene
    shown: Scene

    @property
    def by_itself(self) -> bool:
        """Whether the clock chooses."""
        return self.scene == Scene.AUTO


def lines(edition: Edition, *, at: datetime) -> list[ScreenLine]:
    """What all projectors show, then those departments that have a choice of their own. A query."""
    choices = stage_selectors.screen_choices(edition)
    found = [_line(edition, None, rules.chosen(choices, None), at=at)]
    return found + [
        _line(edition, choice.department, choice, at=at)
        for choice in choices
        if choice.department is not None
    ]


def _line(
    edition: Edition, department: Department | None, choice: ScreenChoice | None, *, at: datetime
) -> ScreenLine:
    scene = Scene(choice.scene) if choice else Scene.AUTO
    return ScreenLine(department, choice, scene, _scene(edition, scene, at=at)[0])


def elsewhere(edition: Edition, *, at: datetime) -> list[ScreenLine]:
    """The projectors that do not show the ceremony; a query."""
    return [line for line in lines(edition, at=at) if line.shown != Scene.CEREMONY]


def tiles(edition: Edition, *, at: datetime) -> list[SceneTile]:
    """Every scene, in order, with what is on it."""
    return [
        SceneTile(scene, str(HINTS[scene]), rules.scene_refusal(edition, None, scene, at=at))
        for scene in Scene
    ]
