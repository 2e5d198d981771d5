"""Rooms, who sits in them, and where teams could sit. The caller has checked the rights."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Edition
from teams.models import Placement, Room, Team
from teams.placement import Filled, Group, Place, Proposal, elsewhere, key_of, occupied, propose


@dataclass(frozen=True)
class Offer:
    """A proposal. `key` is another one as soon as a room or a team has changed."""

    proposal: Proposal
    key: str
    moves: bool


@dataclass(frozen=True)
class Occupation:
    """`waiting`: present teams without a room. `elsewhere`: in a room that is not listed."""

    rooms: list[Filled]
    waiting: int
    elsewhere: tuple[Group, ...]


def places_of(edition: Edition) -> list[Place]:
    rows = Room.objects.filter(edition=edition).values_list("name", "floor", "places")
    return [Place(*row) for row in rows]


def groups_of(edition: Edition) -> list[Group]:
    """By name."""
    columns = ("pk", "name", "department_id", "size", "room", "floor", "absent_at")
    teams = Team.objects.filter(edition=edition).annotate(size=Count("memberships"))
    rows = teams.order_by("name", "pk").values_list(*columns)
    return [
        Group(pk, name, department, size, room, floor, absent_at is not None)
        for pk, name, department, size, room, floor, absent_at in rows
    ]


def offer(edition: Edition, *, moves: bool) -> Offer:
    """Two queries."""
    places, groups = places_of(edition), groups_of(edition)
    key = hashlib.sha256(repr((places, groups, moves)).encode()).hexdigest()
    return Offer(propose(places, groups, moves=moves), key, moves)


def occupation(edition: Edition) -> Occupation:
    """Two queries."""
    places, groups = places_of(edition), groups_of(edition)
    waiting = sum(not group.room and not group.absent for group in groups)
    return Occupation(occupied(places, groups), waiting, elsewhere(places, groups))


def overfull(edition: Edition, names: Collection[str] | None = None) -> list[Filled]:
    """Of the rooms with these names, or of all. Two queries, none without names."""
    if names is not None and not any(names):
        return []
    keys = None if names is None else {key_of(name) for name in names}
    return [
        room
        for room in occupation(edition).rooms
        if room.missing and (keys is None or key_of(room.place.name) in keys)
    ]


def last_placement(edition: Edition) -> Placement | None:
    return Placement.objects.filter(edition=edition).first()


def get_placement(edition: Edition, pk: int) -> Placement:
    if placement := Placement.objects.filter(edition=edition, pk=pk).first():
        return placement
    raise NotFound
