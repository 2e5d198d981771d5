"""What the screens of the ceremony show now, and what who drives them is told.

Only the step that is on is read with its names: what comes later has no way into an answer.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef

from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department, Edition
from hackathon.editions.rules import results_are_public
from judging.ceremony import rules as ceremony_rules
from judging.ceremony import steps as pure
from judging.ceremony.selectors.pictures import pictures_of
from judging.ceremony.steps import Decided, Step, StepKind
from judging.models import Award, Ceremony, Nomination
from teams.models import Membership, Team

WAITING = "waiting"
BLANK = "blank"
LONG_NAME = 22
CROWDS = ((1, "one"), (2, "two"), (4, "few"), (8, "several"), (99, "many"))


@dataclass(frozen=True)
class ShownTeam:
    """A team as the screens show it; `picture`: there is one of what it handed in."""

    pk: int | None  # None: invented
    name: str
    project: str = ""
    members: tuple[str, ...] = ()
    picture: bool = False


@dataclass(frozen=True)
class Lit:
    """A window of the last wall: who won, and what."""

    name: str
    rank: int | None
    title: str


@dataclass(frozen=True)
class Shown:
    """What is on every screen. `kind`: of the step, or `waiting`, or `blank`."""

    kind: str
    is_rehearsal: bool = False
    department: str = ""
    teams: list[ShownTeam] = field(default_factory=list)
    rank: int | None = None
    title: str = ""
    wall: list[tuple[str, list[Lit]]] = field(default_factory=list)
    since: datetime | None = None  # so that the same picture again is told from another one
    is_public: bool = False  # everybody may read the results: the screens say where

    @property
    def crowd(self) -> str:
        """How many teams there are to make room for, as a word of the style sheet."""
        count = len(self.teams)
        return next(word for most, word in CROWDS if count <= most)

    @property
    def is_long(self) -> bool:
        """Whether a name is long: then all are smaller, for equals are shown as such."""
        return any(len(team.name) > LONG_NAME for team in self.teams)


@dataclass(frozen=True)
class Show:
    """A ceremony that is on, with all its steps: for services and this module, never for a page."""

    ceremony: Ceremony
    departments: dict[pure.Key | None, str]
    decided: list[Decided]
    invented: dict[pure.Key, pure.Invented]
    outdated: bool

    @cached_property
    def steps(self) -> list[Step]:
        """From the opening to the finale."""
        return pure.steps(self.decided)

    @property
    def step(self) -> Step:
        """The one that is on."""
        return pure.step_at(self.steps, self.ceremony.step)

    @property
    def revealed(self) -> frozenset[pure.Key]:
        """The real teams of which everybody has seen that they won."""
        if self.outdated or self.ceremony.is_rehearsal:
            return frozenset()
        return pure.revealed(self.steps, self.ceremony.step)


@dataclass(frozen=True)
class Remote:
    """What who drives the ceremony may know: the screens, and of what follows only its kind."""

    ceremony: Ceremony | None
    shown: Shown
    next: StepKind | None = None
    outdated: bool = False
    still_open: list[str] = field(default_factory=list)  # departments that have not locked
    is_public: bool = False  # the results are published
    was_held: bool = False  # a real ceremony was on and has been ended

    @property
    def is_first(self) -> bool:
        """Whether there is nothing to go back to."""
        return self.ceremony is None or self.ceremony.step == 0

    @property
    def is_live(self) -> bool:
        """Whether a real ceremony is on."""
        return self.ceremony is not None and not self.ceremony.is_rehearsal

    @property
    def is_over(self) -> bool:
        """Whether a real ceremony has come to its end."""
        return self.is_live and not self.outdated and self.next is None


def show_of(edition: Edition) -> Show | None:
    """The ceremony that is on. No right of access: callers show one step of it, or fewer."""
    ceremony = Ceremony.objects.filter(edition=edition).first()
    if ceremony is None:
        return None
    rows = list(_departments(edition))
    departments: dict[pure.Key | None, str] = {pk: name for pk, name, _locked_at in rows}
    if ceremony.is_rehearsal:
        names = Team.objects.filter(edition=edition).values_list("name", flat=True)
        decided, invented = pure.invented([pk for pk, *_rest in rows], names)
        return Show(ceremony, departments, decided, invented, outdated=False)
    locked = [locked_at for *_rest, locked_at in rows]
    outdated = ceremony_rules.ceremony_is_outdated(ceremony.moved_at, locked, rehearsal=False)
    decided = [] if outdated else _decided(edition, [pk for pk, *_rest in rows])
    return Show(ceremony, departments, decided, {}, outdated)


def ceremony_shown(edition: Edition | None, *, rehearsals: bool = True, at: datetime) -> Shown:
    """What every screen shows, for everybody; without `rehearsals` as if none were on."""
    show = show_of(edition) if edition is not None else None
    if show is not None and show.ceremony.is_rehearsal and not rehearsals:
        show = None
    return _shown(edition, show, at=at)


def ceremony_remote(edition: Edition, *, at: datetime) -> Remote:
    """The same for who drives it. No right of access here: callers fetch the edition that this
    person organizes.
    """
    show = show_of(edition)
    seen = _shown(edition, show, at=at)
    is_public = results_are_public(edition, at=at)
    if show is None or show.outdated:
        still_open = [name for _pk, name, locked_at in _departments(edition) if locked_at is None]
        return Remote(
            show.ceremony if show else None,
            seen,
            outdated=show is not None,
            still_open=still_open,
            is_public=is_public,
            was_held=is_public and _was_held(edition),
        )
    following = pure.following(show.steps, show.ceremony.step)
    return Remote(show.ceremony, seen, following, is_public=is_public)


def _was_held(edition: Edition) -> bool:
    """Whether a real one has been ended: its row is gone, the journal has it."""
    ended = JournalEntry.objects.filter(act="ceremony.ended")
    return ended.filter(detail__edition=edition.pk, detail__rehearsal=False).exists()


def ceremony_is_unfinished(edition: Edition) -> bool:
    """Whether a real one is on that has not shown everybody yet."""
    show = show_of(edition)
    if show is None or show.ceremony.is_rehearsal or show.outdated:
        return False
    return pure.following(show.steps, show.ceremony.step) is not None


def _shown(edition: Edition | None, show: Show | None, *, at: datetime) -> Shown:
    is_public = edition is not None and results_are_public(edition, at=at)
    if edition is None or show is None or show.outdated:
        # Afterwards the wall stays: nobody in the room waits for a ceremony any more.
        wall = _wall(_ended(edition)) if edition is not None and is_public else None
        return Shown(WAITING) if wall is None else Shown(StepKind.FINALE, wall=wall, is_public=True)
    rehearsal, since = show.ceremony.is_rehearsal, show.ceremony.moved_at
    if show.ceremony.is_blank:
        return Shown(BLANK, rehearsal, since=since)
    step = show.step
    if step.kind == StepKind.FINALE:
        # The last picture is one, also once it is published and the ceremony ended: no `since`.
        public = is_public and not rehearsal
        return Shown(step.kind, rehearsal, wall=_wall(show), is_public=public)
    return Shown(
        kind=step.kind,
        is_rehearsal=rehearsal,
        department=show.departments.get(step.department, ""),
        teams=_teams(edition, show, step, at=at),
        rank=step.rank,
        title=step.title,
        since=since,
    )


def _ended(edition: Edition) -> Show:
    """A ceremony at its end, though none is on: for when everybody may read the results."""
    rows = list(_departments(edition))
    departments: dict[pure.Key | None, str] = {pk: name for pk, name, _locked_at in rows}
    ceremony = Ceremony(edition=edition, is_rehearsal=False)
    decided = _decided(edition, [pk for pk, *_rest in rows])
    return Show(ceremony, departments, decided, {}, outdated=False)


def _teams(edition: Edition, show: Show, step: Step, *, at: datetime) -> list[ShownTeam]:
    if show.ceremony.is_rehearsal:
        made = [show.invented[key] for key in step.teams]
        return [ShownTeam(None, t.name, t.project, t.members if step.reveals else ()) for t in made]
    found = {team.pk: team for team in Team.objects.filter(pk__in=_pks(step))}
    teams = [found[pk] for pk in step.teams if pk in found]
    if not step.reveals:
        return [ShownTeam(team.pk, team.name, team.project) for team in teams]
    members = _members(teams)
    pictures = pictures_of(edition, teams, at=at)
    return [
        ShownTeam(team.pk, team.name, team.project, tuple(members[team.pk]), team.pk in pictures)
        for team in teams
    ]


def _members(teams: Iterable[Team]) -> dict[int, list[str]]:
    """The names that people gave, by team. Who gave none is left out: no address is projected."""
    found: dict[int, list[str]] = defaultdict(list)
    members = Membership.objects.filter(team__in=[team.pk for team in teams])
    for membership in members.select_related("user").order_by("user__name"):
        if membership.user.name:
            found[membership.team_id].append(membership.user.name)
    return found


def _wall(show: Show) -> list[tuple[str, list[Lit]]]:
    names = _names(show)
    wall: dict[pure.Key | None, list[Lit]] = defaultdict(list)
    for step in show.steps:
        if step.reveals:
            wall[step.department] += [
                Lit(names[team], step.rank, step.title) for team in step.teams
            ]
    # As read out: the first place first.
    return [
        (show.departments[pk], sorted(lit, key=lambda one: (one.rank is None, one.rank or 0)))
        for pk, lit in wall.items()
    ]


def _names(show: Show) -> dict[pure.Key, str]:
    if show.ceremony.is_rehearsal:
        return {key: team.name for key, team in show.invented.items()}
    winners = Team.objects.filter(pk__in=_pks(show.steps[-1]))
    return {winner.pk: winner.name for winner in winners}


def _pks(step: Step) -> list[int]:
    return [key for key in step.teams if isinstance(key, int)]


def _departments(edition: Edition) -> Iterable[tuple[int, str, datetime | None]]:
    """Those that have teams, in order, each with when its jury locked its decision; one query."""
    has_teams = Exists(Team.objects.filter(department=OuterRef("pk")))
    found = Department.objects.filter(has_teams, edition=edition)
    return found.values_list("pk", "name", "deliberation__locked_at")


def _decided(edition: Edition, departments: Iterable[int]) -> list[Decided]:
    """What the juries decided, equals by their names; two queries."""
    of_edition = {
        "deliberation__department__edition": edition,
        "deliberation__locked_at__isnull": False,
    }
    nominees: dict[int, list[int]] = defaultdict(list)
    for department, team in (
        Nomination.objects.filter(**of_edition)
        .order_by("team__name")
        .values_list("deliberation__department", "team")
    ):
        nominees[department].append(team)
    places: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    special: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for award in (
        Award.objects.filter(**of_edition)
        .select_related("deliberation")
        .order_by("rank", "title", "team__name")
    ):
        department = award.deliberation.department_id
        if award.rank is None:
            special[department].append((award.title, award.team_id))
        else:
            places[department][award.rank].append(award.team_id)
    return [Decided(pk, nominees[pk], dict(places[pk]), special[pk]) for pk in departments]
