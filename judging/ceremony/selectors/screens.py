"""Names are read only for the current step, so no answer reveals a later one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from hackathon.core.models import JournalEntry
from hackathon.editions.models import Edition
from hackathon.editions.rules import results_are_public
from judging.ceremony.rehearsal import PlaceholderTeam, rehearsal_decisions
from judging.ceremony.rules import ceremony_is_outdated, draw_refusal
from judging.ceremony.selectors.decisions import LAST, department_rows, locked_decisions
from judging.ceremony.selectors.decks import Deck, deck_of
from judging.ceremony.selectors.passages import (
    PassageScreen,
    messages_by_anchor,
    passage_at,
    passage_plans,
)
from judging.ceremony.selectors.pictures import pictures_of
from judging.ceremony.steps import (
    DepartmentDecision,
    Key,
    Messages,
    Step,
    StepKind,
    ceremony_steps,
    next_kind,
    pause_number,
    revealed_teams,
    step_at,
    steps_until,
)
from judging.models import Ceremony, CeremonyMessage, Favourite, PassagePlan
from teams.models import Membership, Team

WAITING = "waiting"
BLANK = "blank"
LONG_NAME = 22  # characters
# Class in the style sheet by the largest number of teams that it has space for.
CROWDS = ((1, "one"), (2, "two"), (4, "few"), (8, "several"), (99, "many"))


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
class ScreenState:
    """`kind` is a `StepKind`, `WAITING` or `BLANK`."""

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
    plan: PassagePlan | None = None  # of the department whose nominees are shown
    passage: PassageScreen | None = None
    message: CeremonyMessage | None = None
    voters: int = 0  # for the prize of the hall
    vote_is_closed: bool = False  # of the hall

    @property
    def crowd(self) -> str:
        count = len(self.teams)
        return next(name for most, name in CROWDS if count <= most)

    @property
    def is_long(self) -> bool:
        """Names on one screen have the same size: one long name makes all of them small."""
        return any(len(team.name) > LONG_NAME for team in self.teams)


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
    plans: dict[Key, PassagePlan] = field(default_factory=dict)  # by department
    messages: Messages = field(default_factory=dict)
    undecided: list[str] = field(default_factory=list)
    favourite: Favourite | None = None

    @cached_property
    def steps(self) -> list[Step]:
        has_favourite = self.favourite is not None
        steps = ceremony_steps(self.decisions, self.messages, has_favourite=has_favourite)
        return steps_until(steps, self.ceremony.step, waits=bool(self.undecided))

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
        revealed = revealed_teams(self.steps, self.ceremony.step)
        is_told = StepKind.FAVOURITE in [step.kind for step in self.steps[: self.ceremony.step + 1]]
        if self.favourite is not None and is_told:
            revealed |= {team.pk for team in self.favourite.shown_winners()}
        return revealed


@dataclass(frozen=True)
class RemoteState:
    """Of the next step it has only the kind, for secrecy."""

    ceremony: Ceremony | None
    shown: ScreenState
    next: StepKind | None = None
    outdated: bool = False
    still_open: list[str] = field(default_factory=list)  # names of departments that have not locked
    decide_later: list[str] = field(default_factory=list)  # departments that hear their nominees
    is_public: bool = False  # the results are published
    was_held: bool = False  # a real ceremony has been ended
    may_draw: bool = False  # the order of the passages that follow
    waits_for: list[str] = field(default_factory=list)  # names of departments, during the pause
    vote_is_open: bool = False

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


def ceremony_state(edition: Edition) -> CeremonyState | None:
    """No access check: callers may show at most the current step."""
    with_favourite = Ceremony.objects.select_related("edition__favourite")
    ceremony = with_favourite.filter(edition=edition).first()
    if ceremony is None:
        return None
    favourite: Favourite | None = getattr(ceremony.edition, "favourite", None)
    rows = department_rows(edition)
    departments: dict[Key | None, str] = {row.pk: row.name for row in rows}
    plans, messages = passage_plans(edition), messages_by_anchor(edition)
    if ceremony.is_rehearsal:
        names = Team.objects.filter(edition=edition).values_list("name", flat=True)
        hearing = [row.pk for row in rows if row.hears]
        invented, placeholders = rehearsal_decisions([row.pk for row in rows], names, hearing)
        decisions = [replace(each, has_passages=each.department in plans) for each in invented]
        return CeremonyState(
            ceremony, departments, decisions, placeholders, False, plans, messages, [], favourite
        )
    locked = [row.shown_from(resumed=ceremony.resumed_at is not None) for row in rows]
    outdated = ceremony_is_outdated(ceremony.moved_at, locked, rehearsal=False)
    decisions = [] if outdated else locked_decisions(edition, rows, plans, messages, ceremony.step)
    undecided = [row.name for row in rows if row.locked_at is None]
    return CeremonyState(
        ceremony, departments, decisions, {}, outdated, plans, messages, undecided, favourite
    )


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
    may_draw = draw_refusal(state.step, state.ceremony, state.plans) is None
    return RemoteState(
        state.ceremony,
        shown,
        following,
        is_public=is_public,
        may_draw=may_draw,
        waits_for=state.waits_for,
        vote_is_open=state.favourite is not None and state.favourite.is_open,
    )


def _was_held(edition: Edition) -> bool:
    """The row of an ended ceremony is deleted, so this reads the journal."""
    ended = JournalEntry.objects.filter(act="ceremony.ended")
    return ended.filter(detail__edition=edition.pk, detail__rehearsal=False).exists()


def vote_is_open(edition: Edition) -> bool:
    """Of the hall."""
    favourites = Favourite.objects.filter(edition=edition, closed_at=None)
    return favourites.filter(opened_at__isnull=False).exists()


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
    if step.kind in (StepKind.VOTE, StepKind.FAVOURITE):
        return _favourite_screen(edition, state, at=at)
    is_nominees = step.kind == StepKind.NOMINEES and step.department is not None
    return ScreenState(
        kind=step.kind,
        is_rehearsal=rehearsal,
        department=state.departments.get(step.department, ""),
        teams=_teams(edition, state, step, at=at),
        rank=step.rank,
        title=step.title,
        since=since,
        plan=state.plans.get(step.department or 0) if is_nominees else None,
        passage=passage_screen(state, at=at),
        message=_message(step),
    )


def _favourite_screen(edition: Edition, state: CeremonyState, *, at: datetime) -> ScreenState:
    """Winners are read at their step only."""
    favourite, kind, ceremony = state.favourite, state.step.kind, state.ceremony
    assert favourite is not None
    shown = ScreenState(kind, ceremony.is_rehearsal, title=favourite.title, since=ceremony.moved_at)
    if kind == StepKind.VOTE:
        is_closed = favourite.closed_at is not None and not ceremony.is_rehearsal
        return replace(shown, vote_is_closed=is_closed)
    if ceremony.is_rehearsal:
        invented = list(state.placeholders.values())[:1]
        teams = [ScreenTeam(None, team.name, team.project, team.members) for team in invented]
        return replace(shown, teams=teams, voters=len(state.placeholders))
    winners = _laureates(edition, favourite.shown_winners(), at=at)
    return replace(shown, teams=winners, voters=favourite.voters)


def passage_screen(state: CeremonyState, *, at: datetime) -> PassageScreen | None:
    """None if no team is on stage."""
    step = state.step
    if not step.is_passage or step.department is None:
        return None
    passage = passage_at(state.ceremony, step.teams[0])
    names, deck = {key: team.name for key, team in state.placeholders.items()}, Deck()
    if not state.ceremony.is_rehearsal:
        keys = [key for key in (*step.teams, step.following) if isinstance(key, int)]
        teams = {
            team.pk: team for team in Team.objects.filter(pk__in=keys).select_related("edition")
        }
        names = {pk: team.name for pk, team in teams.items()}
        deck = next((deck_of(teams[pk], at=at) for pk in keys[:1] if pk in teams), Deck())
    following = names.get(step.following, "") if step.following else ""
    name = names.get(step.teams[0], "")
    return PassageScreen(name, passage, state.plans[step.department], following, deck)


def _message(step: Step) -> CeremonyMessage | None:
    if step.message is None:
        return None
    return CeremonyMessage.objects.select_related("partner").filter(pk=step.message).first()


def _ended(edition: Edition) -> CeremonyState:
    """For the finale after the publication, when no row is left."""
    rows = department_rows(edition)
    departments: dict[Key | None, str] = {row.pk: row.name for row in rows}
    ceremony = Ceremony(edition=edition, is_rehearsal=False, step=LAST)
    decisions = locked_decisions(edition, rows, {}, {}, LAST)
    favourite = Favourite.objects.filter(edition=edition).first()
    return CeremonyState(ceremony, departments, decisions, {}, outdated=False, favourite=favourite)


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
    return _laureates(edition, teams, at=at)


def _laureates(edition: Edition, teams: list[Team], *, at: datetime) -> list[ScreenTeam]:
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
    for step in state.steps:
        if step.reveals:
            wall[step.department] += [
                WinnerLight(names[team], step.rank, step.title, tied=len(step.teams) > 1)
                for team in step.teams
            ]
    favourite = state.favourite
    if favourite is not None and not state.ceremony.is_rehearsal:
        winners = favourite.shown_winners()
        for team in winners:
            light = WinnerLight(team.name, None, favourite.title, tied=len(winners) > 1)
            wall[team.department_id].append(light)
    return [
        (
            state.departments[pk],
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
