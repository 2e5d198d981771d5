"""Everybody who eats at an edition: members of its teams, and students without a team."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.core.typography import plain_letters
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import AnyUser, is_organizer
from hackathon.event.roles import Roles
from hackathon.extras.meals import rules
from hackathon.extras.meals.enums import EaterFilter
from hackathon.extras.meals.models import DietaryNeeds, Dish, Meal, MealPlan
from teams.floors import Floor, by_floor, by_room
from teams.models import Membership, Student, Team


@dataclass
class Eater:
    """`dish`: the chosen one, or the default one (`chosen` is false). `team` None: without one."""

    pk: int  # of the user
    name: str
    team: Team | None = None
    is_captain: bool = False
    dish: Dish | None = None
    chosen: bool = False
    chosen_by: int | None = None  # a user
    served_at: datetime | None = None
    served_by: str = ""


@dataclass(frozen=True)
class Part:
    """What one page of the distribution shows of a floor. `name` is its address; `rooms`: the first
    and the last one, if the floor has several parts.
    """

    name: str
    floor: int | None
    rooms: str
    teams: list[tuple[Team | None, list[Eater]]]


@dataclass(frozen=True)
class OrderLine:
    """`by_default`: how many of `count` have chosen nothing. `dish` None: no default dish."""

    dish: Dish | None
    count: int
    by_default: int


@dataclass(frozen=True)
class PizzeriaOrder:
    pizzeria: str
    lines: list[OrderLine]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


def plan_of(edition: Edition) -> MealPlan | None:
    """With milestone and default dish. One query."""
    plans = MealPlan.objects.select_related("milestone", "default_dish")
    return plans.filter(edition=edition).first()


def dishes_of(edition: Edition) -> list[Dish]:
    return list(Dish.objects.filter(edition=edition))


def get_dish(edition: Edition, pk: int) -> Dish:
    return get_or_not_found(Dish.objects.all(), edition=edition, pk=pk)


def meal_of(edition: Edition, user: AnyUser) -> Meal | None:
    meals = Meal.objects.select_related("dish").filter(edition=edition, user=user.pk)
    return meals.first()


def eaters_among(edition: Edition, pks: Collection[int]) -> set[int]:
    """Two queries."""
    eating: set[int] = set()
    for model in (Membership, Student):
        rows = model._default_manager.filter(edition=edition.pk, user__in=pks)
        eating |= set(rows.values_list("user", flat=True))
    return eating


def get_eater(edition: Edition, pk: int) -> User:
    user = get_or_not_found(User.objects.all(), pk=pk)
    if not eaters_among(edition, [pk]):
        raise NotFound
    return user


def get_mate(edition: Edition, by: User, pk: int) -> User:
    """A member of the team of `by`. Raises `NotFound`."""
    mates = User.objects.filter(
        memberships__edition=edition, memberships__team__memberships__user=by
    )
    return get_or_not_found(mates, pk=pk)


def get_own_edition(user: User, edition: Edition | None) -> Edition:
    """The edition where this person eats. Raises `NotFound`."""
    if edition is None or not eaters_among(edition, [user.pk]):
        raise NotFound
    return edition


def serves(roles: Roles) -> bool:
    """Not jurors, whose duties have no row: a dish may reveal a person's religion."""
    return roles.organizer or roles.desk or any(duty.pk for duty in roles.duties)


def get_served_edition(roles: Roles, edition: Edition | None) -> Edition:
    """For organizers and helpers of the edition that the site shows. Raises `NotFound`."""
    if edition is None or not serves(roles):
        raise NotFound
    return edition


def eaters_of(edition: Edition, *, team: Team | None = None) -> list[Eater]:
    """By name, without access check and deleted accounts. Seven queries at most."""
    teams = {t.pk: t for t in Team.objects.filter(edition=edition).select_related("department")}
    person = ("user_id", "user__name", "user__email")
    members = Membership.objects.filter(edition=edition, user__deleted_at=None)
    members = members.order_by("user__name", "user__email")
    if team is not None:
        members = members.filter(team=team)
    by_pk: dict[int, Eater] = {}
    for pk, name, email, team_pk, captain in members.values_list(*person, "team", "is_captain"):
        by_pk[pk] = Eater(pk, _shown_name(name, email), teams[team_pk], captain)
    if team is None:
        students = Student.objects.filter(edition=edition, user__deleted_at=None)
        for pk, name, email in students.values_list(*person):
            by_pk.setdefault(pk, Eater(pk, _shown_name(name, email)))
    plan, dishes = plan_of(edition), Dish.objects.filter(edition=edition).in_bulk()
    for eater in by_pk.values():
        eater.dish = plan.default_dish if plan else None
    columns = ("user", "dish", "chosen_by", "served_at", "served_by")
    meals = list(Meal.objects.filter(edition=edition).values_list(*columns))
    servers = User.objects.in_bulk({served_by for *_rest, served_by in meals} - {None})
    for pk, dish, chosen_by, served_at, served_by in meals:
        if (one := by_pk.get(pk)) is None:
            continue
        if dish is not None:
            one.dish, one.chosen, one.chosen_by = dishes[dish], True, chosen_by
        if served_at is not None:
            one.served_at, one.served_by = served_at, servers[served_by].display_name
    return list(by_pk.values())


def found_eaters(
    eaters: Iterable[Eater], *, text: str = "", which: EaterFilter, needs: dict[int, str]
) -> list[Eater]:
    fits: dict[EaterFilter, Callable[[Eater], bool]] = {
        EaterFilter.ALL: lambda eater: True,
        EaterFilter.CHOSEN: lambda eater: eater.chosen,
        EaterFilter.MISSING: lambda eater: not eater.chosen,
        EaterFilter.WITHOUT: lambda eater: eater.dish is None,
        EaterFilter.NEEDS: lambda eater: eater.pk in needs,
        EaterFilter.WAITING: lambda eater: eater.served_at is None,
        EaterFilter.SERVED: lambda eater: eater.served_at is not None,
    }
    wanted = _plain(text)
    return [
        eater
        for eater in eaters
        if fits[which](eater) and (not wanted or wanted in _plain(_text(eater)))
    ]


def orders_of(eaters: Iterable[Eater]) -> list[PizzeriaOrder]:
    """By pizzeria; people without any dish come last."""
    counts: Counter[int] = Counter()
    defaults: Counter[int] = Counter()
    dishes: dict[int, Dish | None] = {}
    for eater in eaters:
        pk = eater.dish.pk if eater.dish else 0
        dishes[pk] = eater.dish
        counts[pk] += 1
        defaults[pk] += not eater.chosen
    by_pizzeria: dict[str, list[OrderLine]] = {}
    ordered = sorted(dishes.items(), key=lambda item: _order(item[1]))
    for pk, dish in ordered:
        line = OrderLine(dish, counts[pk], defaults[pk])
        by_pizzeria.setdefault(dish.pizzeria if dish else "", []).append(line)
    return [PizzeriaOrder(pizzeria, lines) for pizzeria, lines in by_pizzeria.items()]


def handed_out(eaters: Sequence[Eater]) -> list[Floor[tuple[Team | None, list[Eater]]]]:
    """By floor, then by room and team; people without a team come last."""
    teams: dict[int, tuple[Team | None, list[Eater]]] = {}
    for eater in eaters:
        pk = eater.team.pk if eater.team else 0
        teams.setdefault(pk, (eater.team, []))[1].append(eater)
    return by_floor(
        teams.values(),
        floor_of=lambda pair: pair[0].floor if pair[0] else None,
        order=lambda pair: (pair[0] is None, pair[0] and by_room(pair[0])),
    )


def parts_of(eaters: Sequence[Eater], *, most: int) -> list[Part]:
    """As `handed_out`, with at most so many people in a part."""
    parts = []
    for floor in handed_out(eaters):
        chunks: list[list[tuple[Team | None, list[Eater]]]] = []
        left = 0
        for team, members in floor.found:
            for start in range(0, len(members), most):
                some = members[start : start + most]
                if len(some) > left:
                    chunks.append([])
                    left = most
                chunks[-1].append((team, some))
                left -= len(some)
        name = "none" if floor.number is None else str(floor.number)
        for number, chunk in enumerate(chunks, start=1):
            part = name if number == 1 else f"{name}.{number}"
            parts.append(Part(part, floor.number, _rooms(chunk) if chunks[1:] else "", chunk))
    return parts


def _rooms(teams: Sequence[tuple[Team | None, list[Eater]]]) -> str:
    rooms = [team.room for team, _eaters in teams if team and team.room]
    return " – ".join(dict.fromkeys([rooms[0], rooms[-1]])) if rooms else ""


def needs_of(edition: Edition, reader: User, *, at: datetime) -> dict[int, str]:
    """By user, for organizers only: empty for others, for colleagues who read, and once they are to
    be deleted.
    """
    if (
        not is_organizer(reader, edition)
        or reader.granted_as
        or not rules.needs_are_kept(edition, at=at)
    ):
        return {}
    return dict(DietaryNeeds.objects.filter(edition=edition).values_list("user", "text"))


def own_needs(edition: Edition, user: User, *, at: datetime) -> DietaryNeeds | None:
    if not rules.needs_are_kept(edition, at=at):
        return None
    return DietaryNeeds.objects.filter(edition=edition, user=user).first()


def _text(eater: Eater) -> str:
    return f"{eater.name}\n{eater.team.name}\n{eater.team.room}" if eater.team else eater.name


def _order(dish: Dish | None) -> tuple[bool, str, int, int]:
    return (False, dish.pizzeria, dish.position, dish.pk) if dish else (True, "", 0, 0)


def _shown_name(name: str, email: str) -> str:
    """As `User.display_name`."""
    return name or email.split("@")[0]


def _plain(text: str) -> str:
    return plain_letters(text).casefold().strip()
