"""Names are read only for the current step, so no answer reveals a later one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from judging.ceremony.selectors.decisions import LAST, department_rows, locked_decisions
from judging.ceremony.selectors.pictures import pictures_of
from judging.ceremony.selectors.state import (
    CeremonyState,
    OnStage,
    ScreenState,
    ScreenTeam,
    WinnerLight,
    additions,
    ceremony_state,
)
from judging.ceremony.steps import Key, Step, StepKind, next_kind
from judging.models import Ceremony, CeremonyMessage
from teams.models import Membership, Team

WAITING = "waiting"
BLANK = "blank"


@dataclass(frozen=True)
class RemoteState:
    """Of the next step it has only the kind, for secrecy."""

    ceremony: Ceremony | None
    shown: ScreenState
    next: str | None = None
    outdated: bool = False
    still_open: list[str] = field(default_factory=list)  # names of departments that have not locked
    decide_later: list[str] = field(default_factory=list)  # departments that hear their nominees
    is_public: bool = False  # the results are published
    was_held: bool = False  # a real ceremony has been ended
    waits_for: list[str] = field(default_factory=list)  # names of departments, during the pause

    @property
    def is_first(self) -> bool:
        return self.ceremony is None or self.ceremony.step == 0

    @property
    def is_live(self) -> bool:
        return self.ceremony is not None and not self.ceremony.is_rehearsal

    @property
    def is_over(self) -> bool:
        ends = self.next is None and not self.waits_for
        return self.is_live and not self.outdated and ends


def screen_state(edition: Edition | None, *, rehearsals: bool = True, at: datetime) -> ScreenState:
    """Public."""
    state = ceremony_state(edition) if edition is not None else None
    if state is not None and state.ceremony.is_rehearsal and not rehearsals:
        state = None
    return _screen(edition, state, at=at)


def remote_state(edition: Edition, *, at: datetime) -> RemoteState:
    """No access check: callers fetch an edition that the user organizes."""
    state = ceremony_state(edition)
    shown = _screen(edition, state, at=at)
    is_public = results_are_public(edition, at=at)
    if state is None or state.outdated:
        rows = department_rows(edition)
        return RemoteState(
            state.ceremony if state else None,
            shown,
            outdated=state is not None,
            still_open=[row.name for row in rows if not row.is_nominated],
            decide_later=[row.name for row in rows if row.hears],
            is_public=is_public,
            was_held=is_public and _was_held(edition),
        )
    following = next_kind(state.steps, state.ceremony.step)
    return RemoteState(
        state.ceremony,
        shown,
        following,
        is_public=is_public,
        waits_for=state.waits_for,
    )


def _was_held(edition: Edition) -> bool:
    """The row of an ended ceremony is deleted, so this reads the journal."""
    ended = JournalEntry.objects.filter(act="ceremony.ended")
    return ended.filter(detail__edition=edition.pk, detail__rehearsal=False).exists()


def ceremony_is_unfinished(edition: Edition) -> bool:
    state = ceremony_state(edition)
    if state is None or state.ceremony.is_rehearsal or state.outdated:
        return False
    return state.step.kind != StepKind.FINALE


def _screen(edition: Edition | None, state: CeremonyState | None, *, at: datetime) -> ScreenState:
    is_public = edition is not None and results_are_public(edition, at=at)
    if edition is None or state is None or state.outdated:
        if edition is None or not is_public:
            return ScreenState(WAITING)
        return ScreenState(StepKind.FINALE, wall=_wall(_ended(edition)), is_public=True)
    rehearsal, since = state.ceremony.is_rehearsal, state.ceremony.moved_at
    if state.ceremony.is_blank:
        return ScreenState(BLANK, rehearsal, since=since)
    step = state.step
    if step.kind == StepKind.FINALE:
        # Without `since`, so that the page does not change when the ceremony ends.
        public = is_public and not rehearsal
        return ScreenState(step.kind, rehearsal, wall=_wall(state), is_public=public)
    shown = ScreenState(
        kind=step.kind,
        is_rehearsal=rehearsal,
        department=state.departments.get(step.department, ""),
        teams=_teams(edition, state, step, at=at),
        rank=step.rank,
        title=step.title,
        since=since,
        message=_message(step),
    )
    for addition in state.additions:
        shown = addition.screen(state, shown, at=at)
    return shown


@dataclass(frozen=True)
class OnStageNow:
    """`team`: its id."""

    team: int
    shown: OnStage


def team_on_stage(edition: Edition, *, at: datetime) -> OnStageNow | None:
    """In a real ceremony, also while the screens are black. No access check."""
    state = ceremony_state(edition)
    if state is None or state.outdated or not state.step.is_passage:
        return None
    shown = ScreenState(kind=state.step.kind)
    for addition in state.additions:
        shown = addition.screen(state, shown, at=at)
    team = state.step.teams[0]
    if shown.on_stage is None or not isinstance(team, int):
        return None
    return OnStageNow(team, shown.on_stage)


def _message(step: Step) -> CeremonyMessage | None:
    if step.message is None:
        return None
    return CeremonyMessage.objects.select_related("partner").filter(pk=step.message).first()


def _ended(edition: Edition) -> CeremonyState:
    """For the finale after the publication, when no row is left."""
    rows = department_rows(edition)
    departments: dict[Key | None, str] = {row.pk: row.name for row in rows}
    ceremony = Ceremony(edition=edition, is_rehearsal=False, step=LAST)
    decisions = locked_decisions(edition, rows, {}, (), LAST)
    added = additions(edition)
    return CeremonyState(ceremony, departments, decisions, {}, outdated=False, additions=added)


def _teams(edition: Edition, state: CeremonyState, step: Step, *, at: datetime) -> list[ScreenTeam]:
    if state.ceremony.is_rehearsal:
        placeholders = [state.placeholders[key] for key in step.teams]
        return [
            ScreenTeam(None, team.name, team.project, team.members if step.reveals else ())
            for team in placeholders
        ]
    rows = {team.pk: team for team in Team.objects.filter(pk__in=_pks(step))}
    teams = [rows[pk] for pk in step.teams if pk in rows]
    if not step.reveals:
        return [ScreenTeam(team.pk, team.name, team.project) for team in teams]
    return laureates(edition, teams, at=at)


def laureates(edition: Edition, teams: list[Team], *, at: datetime) -> list[ScreenTeam]:
    members = _members(teams)
    pictures = pictures_of(edition, teams, at=at)
    return [
        ScreenTeam(team.pk, team.name, team.project, tuple(members[team.pk]), team.pk in pictures)
        for team in teams
    ]


def _members(teams: Iterable[Team]) -> dict[int, list[str]]:
    """By team id, without members who have no name: their address must not be projected."""
    names: dict[int, list[str]] = defaultdict(list)
    members = Membership.objects.filter(team__in=[team.pk for team in teams])
    for membership in members.select_related("user").order_by("user__name"):
        if membership.user.name:
            names[membership.team_id].append(membership.user.name)
    return names


def _wall(state: CeremonyState) -> list[tuple[str, list[WinnerLight]]]:
    names = _names(state)
    wall: dict[Key | None, list[WinnerLight]] = defaultdict(list)
    departments = dict(state.departments)
    for step in state.steps:
        if step.reveals:
            wall[step.department] += [
                WinnerLight(names[team], step.rank, step.title, tied=len(step.teams) > 1)
                for team in step.teams
            ]
    added = [] if state.ceremony.is_rehearsal else state.additions
    for prize in (prize for each in added for prize in each.prizes()):
        for team in prize.teams:
            light = WinnerLight(team.name, None, prize.title, tied=len(prize.teams) > 1)
            wall[team.department_id].append(light)
            if team.department_id not in departments:  # that of a jury that is held back
                departments[team.department_id] = team.department.name
    return [
        (
            departments[pk],
            sorted(lights, key=lambda light: (light.rank is None, light.rank or 0)),
        )
        for pk, lights in wall.items()
    ]


def _names(state: CeremonyState) -> dict[Key, str]:
    if state.ceremony.is_rehearsal:
        return {key: team.name for key, team in state.placeholders.items()}
    winners = Team.objects.filter(pk__in=_pks(state.steps[-1]))
    return {winner.pk: winner.name for winner in winners}


def _pks(step: Step) -> list[int]:
    return [key for key in step.teams if isinstance(key, int)]
