"""The rooms of an edition, and placements of teams in them. They raise `Refused`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, refuse
from hackathon.event.editions.models import Edition
from teams import live
from teams.errors import TeamRefusal
from teams.models import Placement, Room, Team
from teams.placement import Place
from teams.selectors.rooms import last_placement, offer
from teams.services.organizing import lock_teams


@transaction.atomic
def write(edition: Edition, places: Sequence[Place], *, by: User, at: datetime) -> None:
    """These are all rooms then. Teams stay where they are."""
    edition, _teams = lock_teams(edition, [], by=by)
    Room.objects.filter(edition=edition).delete()
    _create(edition, places)
    total = sum(place.places for place in places)
    journal.record("rooms.written", edition, by=by, at=at, n=len(places), places=total)


@transaction.atomic
def place(edition: Edition, *, key: str, moves: bool, by: User, at: datetime) -> Placement:
    """As in the proposal with this `key`. Refused if a room or a team has changed since: then
    there is another proposal.
    """
    edition, _teams = lock_teams(edition, [], by=by)
    offered = offer(edition, moves=moves)
    if offered.key != key:
        raise Refused(refuse(TeamRefusal.PLACEMENT_CHANGED))
    changes: list[dict[str, Any]] = [
        {
            "team": group.pk,
            "name": group.name,
            "before": [group.room, group.floor],
            "after": [room, floor],
        }
        for group, room, floor in offered.proposal.changes
    ]
    if not changes:
        raise Refused(refuse(TeamRefusal.NOTHING_TO_PLACE))
    for change in changes:
        _seat(edition, change["team"], change["after"], at=at)
    _record("teams.placed", edition, changes, by=by, at=at)
    return Placement.objects.create(edition=edition, at=at, changes=changes)


@transaction.atomic
def undo(placement: Placement, *, by: User, at: datetime) -> int:
    """Teams that have been moved again since, or are gone, stay as they are. Returns how many
    went back.
    """
    edition, _teams = lock_teams(placement.edition, [], by=by)
    last = last_placement(edition)
    if last is None or last.pk != placement.pk:
        raise Refused(refuse(TeamRefusal.PLACEMENT_GONE))
    now = dict(Team.objects.filter(edition=edition).values_list("pk", "room"))
    back = [change for change in last.changes if now.get(change["team"]) == change["after"][0]]
    for change in back:
        _seat(edition, change["team"], change["before"], at=at)
    last.delete()
    if back:
        _record("teams.placement_undone", edition, back, by=by, at=at)
    return len(back)


def copy(*, source: Edition, to: Edition) -> None:
    rows = Room.objects.filter(edition=source)
    _create(to, [Place(room.name, room.floor, room.places) for room in rows])


def _create(edition: Edition, places: Iterable[Place]) -> None:
    Room.objects.bulk_create(
        Room(edition=edition, position=i, name=p.name, floor=p.floor, places=p.places)
        for i, p in enumerate(places)
    )


def _seat(edition: Edition, pk: int, to: list, *, at: datetime) -> None:
    team = Team.objects.select_related("department").get(pk=pk)
    team.edition = edition
    team.room, team.floor = to
    team.save(update_fields=["room", "floor"])
    live.team_updated(team, at=at)


def _record(act: str, edition: Edition, changes: list[dict], *, by: User, at: datetime) -> None:
    names = [change["name"] for change in changes]
    teams = [change["team"] for change in changes]
    journal.record(act, edition, by=by, at=at, teams=teams, names=names)
