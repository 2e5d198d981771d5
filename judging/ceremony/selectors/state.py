"""Where a ceremony is, and what extras add to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from hackathon.base.accounts.models import User
from hackathon.base.core import extras
from hackathon.base.core.errors import Refusal
from hackathon.base.core.extras import Page, Text
from hackathon.event.editions.models import Edition
from judging.ceremony.rehearsal import PlaceholderTeam, rehearsal_decisions
from judging.ceremony.rules import ceremony_is_outdated
from judging.ceremony.selectors.decisions import department_rows, locked_decisions
from judging.ceremony.selectors.messages import messages_by_anchor
from judging.ceremony.steps import (
    DepartmentDecision,
    Key,
    Messages,
    Step,
    StepKind,
    ceremony_steps,
    pause_number,
    revealed_teams,
    step_at,
    steps_until,
)
from judging.models import Ceremony, CeremonyMessage
from teams.models import Team

LONG_NAME = 22  # characters
# Class in the style sheet by the largest number of teams that it has space for.
CROWDS = ((1, "one"), (2, "two"), (4, "few"), (8, "several"), (99, "many"))


@dataclass(frozen=True)
class SpecialPrize:
    title: str
    teams: list[Team]
    by_jury: bool = True


@dataclass(frozen=True)
class ScreenTeam:
    pk: int | None  # None: a placeholder team
    name: str
    project: str = ""
    members: tuple[str, ...] = ()
    picture: bool = False  # whether there is one of the team's work


@dataclass(frozen=True)
class WinnerLight:
    name: str
    rank: int | None
    title: str
    tied: bool  # other teams have the same prize


@dataclass(frozen=True)
class OnStage:
    """For the API: a team that presents its work. `following` presents next, if any."""

    team: str
    following: str
    phase: str
    ends_at: datetime
    page: int


@dataclass(frozen=True)
class ScreenState:
    """`kind` is a `StepKind`, that of a step of an `Addition`, `WAITING` or `BLANK`. An addition
    gives its steps a `label` for the remote, a template, and `details` for this.
    """

    kind: str
    is_rehearsal: bool = False
    department: str = ""
    teams: list[ScreenTeam] = field(default_factory=list)
    rank: int | None = None
    title: str = ""
    wall: list[tuple[str, list[WinnerLight]]] = field(default_factory=list)
    since: datetime | None = (
        None  # of the last move: distinguishes a repeated picture from a new one
    )
    is_public: bool = False  # the results are published, and the screens give their address
    on_stage: OnStage | None = None
    message: CeremonyMessage | None = None
    label: Text = ""
    own_template: str = ""
    details: Any = None

    @property
    def template(self) -> str:
        return self.own_template or f"stage/ceremony/{self.kind}.html"

    @property
    def crowd(self) -> str:
        count = len(self.teams)
        return next(name for most, name in CROWDS if count <= most)

    @property
    def is_long(self) -> bool:
        """Names on one screen have the same size: one long name makes all of them small."""
        return any(len(team.name) > LONG_NAME for team in self.teams)


class Press(Protocol):
    """A service, which raises `Refused`. It does nothing if `seen` is not the current step, or
    `changes`, a count of its own, not the current one.
    """

    def __call__(
        self, *, edition: Edition, changes: int, seen: int, rehearsal: bool, by: User, at: datetime
    ) -> None: ...


class Addition:
    """Steps that an extra adds to the ceremony of an edition (`Extra.ceremony`). Made for each
    request, while the extra is on. What is not overridden adds nothing.
    """

    # By the kinds of its steps, which no other step has: what the remote says before such a step.
    kinds: Mapping[str, Text] = {}
    # Of the step that shows `prizes`. Who may know the step may know them.
    prize_kind = ""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def with_steps(self, steps: list[Step]) -> list[Step]:
        """`steps`: from the opening to the last prize, without the finale. A step must not depend
        on what a later one reveals.
        """
        return steps

    def refusal(self, step: Step) -> Refusal | None:
        """Of going on to this step in a real ceremony."""
        return None

    def moved(self, state: "CeremonyState", number: int, *, by: User, at: datetime) -> None:
        """The screens will show step `number`, also the first one of a ceremony that starts. Also
        in a rehearsal. The edition is locked.
        """

    def screen(self, state: "CeremonyState", shown: ScreenState, *, at: datetime) -> ScreenState:
        """`shown` completed for everybody, if it is of an own step."""
        return shown

    def prizes(self) -> list[SpecialPrize]:
        """Asked for once the finale or the published results show them, or their own step."""
        return []

    def buttons(self, *, has_team: bool, is_on: bool) -> list[Page]:
        """On the page of the results until these are published. `has_team`: for members of teams.
        `is_on`: a real ceremony has begun.
        """
        return []

    def has_passages(self) -> bool:
        """Whether teams will present their work on stage."""
        return False

    @property
    def keys(self) -> Mapping[str, Press]:
        """Buttons of the remote, by what they send as `do`, which no other has."""
        return {}

    def remote(self, request: Any, remote: Any, *, at: datetime) -> str:
        """What the remote (`selectors.screens.RemoteState`) shows of it below the step, or before a
        ceremony.
        """
        return ""


def additions(edition: Edition) -> list[Addition]:
    return [extra.ceremony(edition) for extra in extras.of(edition) if extra.ceremony]


@dataclass(frozen=True)
class CeremonyState:
    """Has the steps that may be shown, so it is secret: up to the pause nothing is read of winners.
    `outdated`: a decision has changed since the last step. `undecided`: names of departments.
    """

    ceremony: Ceremony
    departments: dict[Key | None, str]
    decisions: list[DepartmentDecision]
    placeholders: dict[Key, PlaceholderTeam]
    outdated: bool
    messages: Messages = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)

    @cached_property
    def steps(self) -> list[Step]:
        added = [each.with_steps for each in self.additions]
        steps = ceremony_steps(self.decisions, self.messages, added)
        return steps_until(steps, self.ceremony.step, waits=bool(self.undecided))

    @property
    def shown_steps(self) -> Sequence[Step]:
        """With the current one."""
        return self.steps[: self.ceremony.step + 1]

    @property
    def waits_for(self) -> list[str]:
        """During the pause: the departments whose jury has not decided."""
        return self.undecided if self.step.kind == StepKind.DELIBERATION else []

    def is_behind_pause(self, number: int) -> bool:
        pause = pause_number(self.steps)
        return pause is not None and number > pause

    @property
    def step(self) -> Step:
        return step_at(self.steps, self.ceremony.step)

    @property
    def revealed(self) -> frozenset[Key]:
        if self.outdated or self.ceremony.is_rehearsal:
            return frozenset()
        kinds = {step.kind for step in self.shown_steps}
        prizes = [p for each in self.additions if each.prize_kind in kinds for p in each.prizes()]
        of_extras = {team.pk for prize in prizes for team in prize.teams}
        return revealed_teams(self.steps, self.ceremony.step) | of_extras


def ceremony_state(edition: Edition) -> CeremonyState | None:
    """No access check: callers may show at most the current step."""
    ceremony = Ceremony.objects.select_related("edition").filter(edition=edition).first()
    if ceremony is None:
        return None
    rows = department_rows(edition)
    departments: dict[Key | None, str] = {row.pk: row.name for row in rows}
    messages = messages_by_anchor(edition)
    added = additions(edition)
    if ceremony.is_rehearsal:
        names = Team.objects.filter(edition=edition).values_list("name", flat=True)
        hearing = [row.pk for row in rows if row.hears]
        decisions, placeholders = rehearsal_decisions([row.pk for row in rows], names, hearing)
        return CeremonyState(
            ceremony, departments, decisions, placeholders, False, messages, [], added
        )
    locked = [row.shown_from(resumed=ceremony.resumed_at is not None) for row in rows]
    outdated = ceremony_is_outdated(ceremony.moved_at, locked, rehearsal=False)
    with_steps = [each.with_steps for each in added]
    decisions = (
        [] if outdated else locked_decisions(edition, rows, messages, with_steps, ceremony.step)
    )
    undecided = [row.name for row in rows if row.locked_at is None]
    return CeremonyState(ceremony, departments, decisions, {}, outdated, messages, undecided, added)
