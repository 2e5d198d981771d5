"""Moments, ticks, and the absences that an organizer notes from them. Services raise `Refused`."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refusal, Refused, check, refuse
from hackathon.base.core.tables import Row
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import local_delay, shifted
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.roles import roles_of
from hackathon.extras.presence import live, rules, selectors
from hackathon.extras.presence.enums import TickKind
from hackathon.extras.presence.errors import PresenceRefusal
from hackathon.extras.presence.models import Moment, PresenceSettings, Tick
from hackathon.extras.presence.rules import NOTHING, Status
from teams.models import Membership, Team
from teams.services import organizing

MOMENT_FIELDS = ("name", "at")
SETTINGS = ("confirms", "helpers_tick")


# ---------------------------------------------------------------- what organizers set


@transaction.atomic
def set_up(edition: Edition, *, confirms: bool, helpers_tick: bool, by: User, at: datetime) -> None:
    edition = lock_for(by, edition.pk)
    before = selectors.settings_of(edition)
    if (before.confirms, before.helpers_tick) == (confirms, helpers_tick):
        return
    stored, _created = PresenceSettings.objects.update_or_create(
        edition=edition, defaults={"confirms": confirms, "helpers_tick": helpers_tick}
    )
    changes = journal.changes(journal.state(before, SETTINGS), stored)
    journal.record("presence.set_up", stored, by=by, at=at, changes=changes)
    live.presence_set_up(edition, at=at)


@transaction.atomic
def save_moments(
    edition: Edition, rows: Sequence[Row], *, by: User, at: datetime
) -> dict[int, Refusal]:
    """All rows or none. The refusal of each refused row, by its index."""
    edition = lock_for(by, edition.pk)
    refused: dict[int, Refusal] = {}
    for index, row in enumerate(rows):
        try:
            with transaction.atomic():
                _save_moment(edition, row, by=by, at=at)
        except Refused as error:
            refused[index] = error.refusal
    if refused:
        transaction.set_rollback(True)
    elif rows:
        live.presence_set_up(edition, at=at)
    return refused


def _save_moment(edition: Edition, row: Row, *, by: User, at: datetime) -> None:
    moments = Moment.objects.select_for_update().filter(edition=edition)
    stored = moments.filter(pk=row.pk or 0).first()
    if row.values is None:
        if stored is not None:
            check(rules.moment_refusal(stored, is_used=stored.ticks.exists()))
            journal.record("moment.deleted", stored, by=by, at=at, name=stored.name)
            stored.delete()
        return
    moment = stored or Moment(edition=edition)
    before = journal.state(moment, MOMENT_FIELDS) if stored else {}
    for name, value in row.values_for(stored).items():
        setattr(moment, name, value)
    try:
        with transaction.atomic():
            moment.save()
    except IntegrityError as error:
        raise Refused(refuse(PresenceRefusal.MOMENT_TAKEN, name=moment.name)) from error
    changes = journal.changes(before, moment)
    journal.record("moment.saved", moment, by=by, at=at, name=moment.name, changes=changes)


def copy(*, source: Edition, to: Edition) -> None:
    """Moments, moved to the new day, and settings."""
    delay = local_delay(source.starts_at, to.starts_at, source.zone)
    for moment in Moment.objects.filter(edition=source):
        moved = shifted(moment.at, delay, source.zone)
        Moment.objects.create(edition=to, name=moment.name, at=moved)
    if stored := PresenceSettings.objects.filter(edition=source).first():
        values = {name: getattr(stored, name) for name in SETTINGS}
        PresenceSettings.objects.create(edition=to, **values)


# ---------------------------------------------------------------- who is there


@dataclass(frozen=True)
class Given:
    """By a device, at `at` of its clock. `moment`: 0 for that of an edition without a row.
    `clock`: when the person came or left, as it is written on paper.
    """

    key: UUID
    person: int
    moment: int
    kind: TickKind
    at: datetime
    clock: time | None = None


@transaction.atomic
def tick(
    edition: Edition, given: Sequence[Given], *, by: User, at: datetime
) -> list[Status | Refusal]:
    """Sent once or several times, by several devices, in any order, they lead to the same statuses
    (`rules.status_of`). Locks the moments. Nine queries, also for a hundred ticks.
    """
    if not selectors.ticks(roles_of(by, edition), edition):
        raise Refused(refuse(PresenceRefusal.NOT_TICKING))
    settings = selectors.settings_of(edition)
    moments = _lock_moments(edition)
    listed = selectors.listed_among(edition, {one.person for one in given})
    known = set(Tick.objects.filter(key__in=[g.key for g in given]).values_list("key", flat=True))
    refusals: dict[int, Refusal] = {}
    new: dict[UUID, Tick] = {}
    for index, one in enumerate(given):
        moment = moments.get(one.moment)
        refusal = rules.tick_refusal(is_listed=one.person in listed, moment=moment)
        if refusal or moment is None:
            refusals[index] = refusal or refuse(PresenceRefusal.MOMENT_GONE)
        elif one.key not in known:
            new.setdefault(one.key, _row(moment, one, edition=edition, by=by, at=at))
    Tick.objects.bulk_create(new.values())
    _tell(edition, list(new.values()), to_helpers=settings.helpers_tick, by=by, at=at)
    statuses = selectors.statuses_of(list(moments.values()), listed)
    return [
        refusals.get(index) or statuses.get((moments[one.moment].pk, one.person), NOTHING)
        for index, one in enumerate(given)
    ]


@transaction.atomic
def say_here(edition: Edition, *, by: User, at: datetime) -> Status:
    """Of oneself, at the moment that is open. Said again, it changes nothing."""
    moments = list(dict.fromkeys(_lock_moments(edition).values()))
    moment = rules.open_moment(moments, at=at)
    is_listed = bool(selectors.listed_among(edition, [by.pk]))
    check(rules.own_refusal(moment, is_listed=is_listed))
    assert moment is not None
    settings, key = selectors.settings_of(edition), (moment.pk, by.pk)
    status = selectors.statuses_of([moment], [by.pk]).get(key, NOTHING)
    kind = TickKind.SAID if settings.confirms else TickKind.HERE
    if status.state == TickKind.HERE or (status.said_at and kind == TickKind.SAID):
        return status
    row = _row(moment, Given(uuid4(), by.pk, moment.pk, kind, at), edition=edition, by=by, at=at)
    row.save()
    journal.record("presence.said", moment, by=by, at=at, name=moment.name)
    live.presence_ticked(edition, [by.pk], to_helpers=settings.helpers_tick, at=at)
    return selectors.statuses_of([moment], [by.pk])[key]


def _row(moment: Moment, given: Given, *, edition: Edition, by: User, at: datetime) -> Tick:
    made_at = rules.bounded(given.at, moment, at=at)
    seen_at = rules.seen_at(given.clock, made_at, moment, edition=edition)
    return Tick(
        key=given.key,
        moment=moment,
        user_id=given.person,
        kind=given.kind,
        made_at=made_at,
        seen_at=seen_at,
        made_by=by,
    )


def _tell(
    edition: Edition, new: Sequence[Tick], *, to_helpers: bool, by: User, at: datetime
) -> None:
    """The journal has no names: it is never deleted."""
    by_moment: defaultdict[Moment, set[int]] = defaultdict(set)
    for row in new:
        by_moment[row.moment].add(row.user_id)
    for moment, users in by_moment.items():
        count = len(users)
        journal.record("presence.ticked", moment, by=by, at=at, name=moment.name, count=count)
    if new:
        users = {row.user_id for row in new}
        live.presence_ticked(edition, users, to_helpers=to_helpers, at=at)


def _lock_moments(edition: Edition) -> dict[int, Moment]:
    """By primary key, by instant; also by 0 the first one, which is made where there is none."""
    rows = Moment.objects.select_for_update(no_key=True).filter(edition=edition)
    moments = list(rows.all())
    if not moments:
        Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
        moments = list(rows.all())  # another request may have made one meanwhile
    if not moments:
        moment = selectors.default_moment(edition)
        moment.save()
        moments = [moment]
    return {moment.pk: moment for moment in moments} | {0: moments[0]}


# ---------------------------------------------------------------- what follows


@transaction.atomic
def note_absences(
    edition: Edition, members: Collection[int], *, absent: bool, by: User, at: datetime
) -> int:
    """Notes these memberships absent, or takes that back. How many: not those of whom the contrary
    was noted meanwhile. Never by itself: an organizer chooses.
    """
    edition = lock_for(by, edition.pk)
    roll = selectors.roll_of(edition)
    if absent:
        seen = any(one.was_seen for one in roll.people)
        check(rules.absences_refusal(roll.moments, anybody_seen=seen, at=at))
    among = roll.to_note if absent else roll.to_take_back
    chosen = {one.membership for one in among} & set(members)
    by_team: defaultdict[Team, list[Membership]] = defaultdict(list)
    teams = Team.objects.filter(memberships__in=chosen).distinct()
    for row in Membership.objects.filter(team__in=teams).select_related("team", "user"):
        is_absent = absent if row.pk in chosen else row.absent_at is not None
        by_team[row.team] += [row] if is_absent else []
    for team, gone in by_team.items():
        team.edition = edition
        organizing.note_absent_members(team, gone, by=by, at=at)
    return len(chosen)
