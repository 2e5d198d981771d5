"""Everybody who takes part in an edition, and what is noted of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.typography import plain_letters
from hackathon.event.editions.models import Edition
from hackathon.event.roles import Roles
from hackathon.extras.presence import rules
from hackathon.extras.presence.enums import PersonFilter, TickKind
from hackathon.extras.presence.models import Moment, PresenceSettings, Tick
from hackathon.extras.presence.rules import NOTHING, Status
from teams.floors import Floor, by_floor, by_room
from teams.models import Membership, Student, Team


@dataclass
class Person:
    """`team` None: without one. `statuses`: by moment, 0 for one without a row; only those of which
    something is noted, in the order of the moments.
    """

    pk: int  # of the user
    name: str
    team: Team | None = None
    membership: int = 0
    absent_at: datetime | None = None
    department: str = ""
    number: str = ""
    statuses: dict[int, Status] = field(default_factory=dict)

    def at(self, moment: Moment) -> Status:
        return self.statuses.get(moment.pk or 0, NOTHING)

    @property
    def latest(self) -> Status:
        """At the last moment at which they were seen: what is known of them now."""
        seen = [status for status in self.statuses.values() if status.arrived_at]
        return seen[-1] if seen else NOTHING

    @property
    def is_inside(self) -> bool:
        return self.latest.state == TickKind.HERE

    @property
    def was_seen(self) -> bool:
        return self.latest is not NOTHING

    @property
    def said_at(self) -> datetime | None:
        """What waits for a confirmation."""
        waiting = [s.said_at for s in self.statuses.values() if s.state == TickKind.SAID]
        return waiting[-1] if waiting else None


@dataclass
class Roll:
    """`names`: of users who have noted something. Of people by name, and moments by instant."""

    edition: Edition
    moments: list[Moment]
    people: list[Person]
    names: dict[int, str]

    @cached_property
    def inside(self) -> list[Person]:
        return [one for one in self.people if one.is_inside]

    @cached_property
    def unseen(self) -> list[Person]:
        """At no moment. Those of a team that is absent are known."""
        return [one for one in self.people if not one.was_seen and not _team_is_absent(one)]

    @cached_property
    def to_note(self) -> list[Person]:
        """Never seen, and not noted absent yet. Empty before the first tick."""
        is_used = any(one.was_seen for one in self.people)
        return [one for one in self.unseen if one.membership and not one.absent_at and is_used]

    @cached_property
    def to_take_back(self) -> list[Person]:
        """Noted absent, and seen all the same."""
        return [one for one in self.people if one.absent_at and one.was_seen]

    def here_at(self, moment: Moment) -> list[Person]:
        return [one for one in self.people if one.at(moment).state == TickKind.HERE]

    def waiting_at(self, moment: Moment) -> list[Person]:
        states = (TickKind.SAID, TickKind.UNDONE)
        return [one for one in self.people if one.at(moment).state in states]


# ---------------------------------------------------------------- rights


def settings_of(edition: Edition) -> PresenceSettings:
    found = PresenceSettings.objects.filter(edition=edition).first()
    return found or PresenceSettings(edition=edition)


def ticks(roles: Roles, edition: Edition) -> bool:
    """Not jurors, whose duties have no row. One query for helpers."""
    if roles.organizer or roles.desk:
        return True
    return any(duty.pk for duty in roles.duties) and settings_of(edition).helpers_tick


def get_ticked_edition(roles: Roles, edition: Edition | None) -> Edition:
    """Raises `NotFound` for those who may not note presence in the edition that the site shows."""
    if edition is None or not ticks(roles, edition):
        raise NotFound
    return edition


def get_own_edition(user: User, edition: Edition | None) -> Edition:
    """Raises `NotFound` for those who do not take part in it."""
    if edition is None or not listed_among(edition, [user.pk]):
        raise NotFound
    return edition


# ---------------------------------------------------------------- people


def moments_of(edition: Edition) -> list[Moment]:
    """By instant; never empty. One query."""
    stored = list(Moment.objects.filter(edition=edition))
    return stored or [default_moment(edition)]


def default_moment(edition: Edition) -> Moment:
    """Of an edition without a row; it is stored with the first tick."""
    return Moment(edition=edition, name=gettext("Matin"), at=edition.starts_at)


def listed_among(edition: Edition, pks: Collection[int]) -> set[int]:
    """Two queries."""
    listed: set[int] = set()
    for model in (Membership, Student):
        rows = model._default_manager.filter(edition=edition.pk, user__in=pks)
        listed |= set(rows.values_list("user", flat=True))
    return listed


def roll_of(edition: Edition) -> Roll:
    """Without access check and deleted accounts. Six queries."""
    teams = {t.pk: t for t in Team.objects.filter(edition=edition).select_related("department")}
    person = ("user_id", "user__name", "user__email")
    members = Membership.objects.filter(edition=edition, user__deleted_at=None)
    students = Student.objects.filter(edition=edition, user__deleted_at=None)
    people: dict[int, Person] = {}
    for pk, name, email, team, row, absent_at in members.values_list(
        *person, "team", "pk", "absent_at"
    ):
        code = teams[team].department.code
        people[pk] = Person(pk, _shown_name(name, email), teams[team], row, absent_at, code)
    for pk, name, email, number, code in students.values_list(
        *person, "number", "department__code"
    ):
        one = people.setdefault(pk, Person(pk, _shown_name(name, email)))
        one.number, one.department = number, one.department or code or ""
    moments = moments_of(edition)
    noted = statuses_of(moments)
    for (moment, user), status in noted.items():
        if user in people:
            people[user].statuses[moment] = status
    by = {status.by for status in noted.values() if status.by}
    names = {user.pk: user.display_name for user in User.objects.filter(pk__in=by)}
    ordered = sorted(people.values(), key=lambda one: (_plain(one.name), one.pk))
    return Roll(edition, moments, ordered, names)


def statuses_of(
    moments: Sequence[Moment], people: Collection[int] | None = None
) -> dict[tuple[int, int], Status]:
    """By moment and user, in the order of the moments. `people`: users; None: all. One query."""
    rows = Tick.objects.filter(moment__in=[moment for moment in moments if moment.pk])
    if people is not None:
        rows = rows.filter(user__in=people)
    found: defaultdict[tuple[int, int], list[Tick]] = defaultdict(list)
    for tick in rows:
        found[tick.moment_id, tick.user_id].append(tick)
    order = {moment.pk: place for place, moment in enumerate(moments)}
    return {key: rules.status_of(found[key]) for key in sorted(found, key=lambda k: order[k[0]])}


def found_people(
    people: Iterable[Person], *, text: str = "", which: PersonFilter = PersonFilter.ALL
) -> list[Person]:
    fits: dict[PersonFilter, Callable[[Person], Any]] = {
        PersonFilter.ALL: lambda one: True,
        PersonFilter.INSIDE: lambda one: one.is_inside,
        PersonFilter.LEFT: lambda one: one.latest.state == TickKind.LEFT,
        PersonFilter.SAID: lambda one: one.said_at,
        PersonFilter.UNSEEN: lambda one: not one.was_seen,
        PersonFilter.NOTED: lambda one: one.absent_at or _team_is_absent(one),
    }
    wanted = _plain(text)
    return [one for one in people if fits[which](one) and wanted in _plain(_text(one))]


def in_rooms(people: Sequence[Person]) -> list[Floor[tuple[str, list[Person]]]]:
    """By floor, then by room; "" for teams without one, and for people without a team."""
    teams: dict[int, Team] = {}
    members: defaultdict[int, list[Person]] = defaultdict(list)
    for one in people:
        if one.team:
            teams[one.team.pk] = one.team
        members[one.team.pk if one.team else 0].append(one)
    floors = by_floor(teams.values(), floor_of=_floor_of, order=by_room)
    found = []
    for floor in floors:
        rooms: defaultdict[str, list[Person]] = defaultdict(list)
        for team in floor.found:
            rooms[team.room] += members[team.pk]
        found.append(Floor(floor.number, list(rooms.items())))
    if members[0]:
        found.append(Floor(None, [("", members[0])]))
    return found


def _floor_of(team: Team) -> int | None:
    return team.floor


def _team_is_absent(person: Person) -> bool:
    return person.team is not None and person.team.absent_at is not None


def _text(person: Person) -> str:
    team = f"{person.team.name}\n{person.team.room}" if person.team else ""
    return f"{person.name}\n{person.number}\n{team}"


def _shown_name(name: str, email: str) -> str:
    """As `User.display_name`."""
    return name or email.split("@")[0]


def _plain(text: str) -> str:
    return plain_letters(text).casefold().strip()
