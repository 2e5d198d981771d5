"""Who calls for help, and who answers.

Somebody's desk is whose calls they answer: an organizer's all of them, a helper's those of their
duties. To everybody else a call does not exist, except to the team that made it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from operator import or_
from statistics import median

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound
from hackathon.editions.models import Edition
from hackathon.editions.selectors import is_organizer
from teams.enums import HelpKind, HelpState
from teams.models import Duty, HelpRequest, HelpRequestQuerySet, Membership, Team
from teams.selectors.teams import get_team_for
from teams.signals import duties_asked

type AnyUser = User | AnonymousUser


# ---------------------------------------------------------------- who answers


@dataclass(frozen=True)
class Desk:
    """Whose calls somebody answers in an edition."""

    edition: Edition
    organizer: bool
    duties: list[Duty] = field(default_factory=list)

    def serves(self, call: HelpRequest) -> bool:
        """Whether `call` is for them."""
        return call.team.edition_id == self.edition.pk and (
            self.organizer or any(_covers(duty, call) for duty in self.duties)
        )

    @property
    def calls(self) -> Q:
        """The same as a condition on calls."""
        mine = Q(team__edition=self.edition)
        if self.organizer:
            return mine
        return mine & reduce(or_, [_condition(duty) for duty in self.duties])


def duties_of(users: Sequence[User], edition: Edition) -> dict[int, list[Duty]]:
    """What each of these answers, by primary key: as the organizers entered, and as the apps above
    know. They are in no team: who is competes. One query and those of the apps above, however many.
    """
    found: dict[int, list[Duty]] = {}
    if not users:
        return found
    entered = Duty.objects.filter(user__in=users, edition=edition).select_related("department")
    for duty in [*entered, *_asked(edition, users)]:
        found.setdefault(duty.user_id, []).append(duty)
    return found


def desk_of(user: AnyUser, edition: Edition | None) -> Desk | None:
    """Whose calls `user` answers; None if nobody's. Who is in a team answers none."""
    if edition is None or not user.is_authenticated or not user.is_active:
        return None
    if is_organizer(user, edition):
        return Desk(edition, organizer=True)
    if Membership.objects.filter(user=user, edition=edition).exists():
        return None
    duties = duties_of([user], edition).get(user.pk)
    return Desk(edition, organizer=False, duties=duties) if duties else None


def get_desk_for(user: AnyUser, edition: Edition | None) -> Desk:
    """The same. Raises `NotFound` for who answers nobody."""
    desk = desk_of(user, edition)
    if desk is None:
        raise NotFound
    return desk


def all_duties(edition: Edition) -> tuple[list[Duty], list[Duty]]:
    """Everybody who answers: as entered, and as the apps above know. The caller has checked who
    asks. One query, and those of the apps above.
    """
    entered = Duty.objects.filter(edition=edition).select_related("user", "department")
    return list(entered), _asked(edition, None)


def get_duty(edition: Edition, pk: int) -> Duty:
    """A duty that was entered in an edition which the caller organizes. Raises `NotFound`."""
    found = Duty.objects.filter(edition=edition, pk=pk).select_related("user", "edition").first()
    if found is None:
        raise NotFound
    return found


def _asked(edition: Edition, users: Sequence[User] | None) -> list[Duty]:
    found: list[Duty] = []
    for _receiver, answer in duties_asked.send(Duty, edition=edition, users=users):
        duties: Iterable[Duty] = answer or ()  # type: ignore[assignment]
        found += duties
    return found


def _covers(duty: Duty, call: HelpRequest) -> bool:
    return duty.kind == call.kind and duty.department_id in (None, call.team.department_id)


def _condition(duty: Duty) -> Q:
    """`_covers` as a condition on calls."""
    of_kind = Q(kind=duty.kind)
    if duty.department_id is None:
        return of_kind
    return of_kind & Q(team__department=duty.department_id)


# ---------------------------------------------------------------- calls


@dataclass(frozen=True)
class TeamCall:
    """A team's call; `place` counts from 1 while it waits, and is 0 afterwards."""

    call: HelpRequest
    place: int

    @property
    def seen(self) -> str:
        """What a card that shows this has seen: with the same again there is nothing to redraw."""
        return f"{self.call.pk} {self.call.state} {self.place} {self.call.where}"


def open_call_of(team: Team) -> HelpRequest | None:
    """The team's call that somebody still has to answer. The caller has checked who asks."""
    return _with_names().filter(team=team).open().first()


def team_call_of(team: Team) -> TeamCall | None:
    """The open call with its place in the queue, which says nothing of who else waits."""
    call = open_call_of(team)
    return None if call is None else team_call(call)


def team_call(call: HelpRequest) -> TeamCall:
    """A call with its place in its queue; one query while it waits."""
    waits = call.state == HelpState.WAITING
    ahead = HelpRequest.objects.of_queue(call).before(call).count() if waits else -1
    return TeamCall(call, ahead + 1)


def placed(open_: Iterable[HelpRequest]) -> list[TeamCall]:
    """`team_call` for all open calls of a desk, the oldest first. A desk sees each of its queues
    whole: counting asks nothing.
    """
    waiting: Counter[tuple[str, int | None]] = Counter()
    found = []
    for call in open_:
        if call.state != HelpState.WAITING:
            found.append(TeamCall(call, 0))
            continue
        one_for_all = call.kind == HelpKind.TECHNICAL
        queue = (call.kind, None if one_for_all else call.team.department_id)
        waiting[queue] += 1
        found.append(TeamCall(call, waiting[queue]))
    return found


def last_call_of(team: Team) -> HelpRequest | None:
    """The newest call of the team that is over."""
    over = _with_names().filter(team=team, closed_at__isnull=False)
    return over.order_by("-closed_at").first()


def calls_of(team: Team) -> list[HelpRequest]:
    """All calls of a team, newest first; one query. The caller has checked who asks."""
    return list(_with_names().filter(team=team).order_by("-requested_at", "-pk"))


def open_calls(desk: Desk) -> list[HelpRequest]:
    """The open calls of a desk, the oldest first; one query."""
    return list(_with_names().filter(desk.calls).open())


def floors_of(desk: Desk) -> list[int]:
    """The floors on which teams of the edition work, from the ground up; one query."""
    floors = Team.objects.filter(edition=desk.edition).order_by("floor")
    known = floors.values_list("floor", flat=True).distinct()
    return [floor for floor in known if floor is not None]


def get_call_for(user: AnyUser, pk: int) -> HelpRequest:
    """A call, for who answers it. Raises `NotFound` for everybody else."""
    call = _with_names().filter(pk=pk).first()
    if call is None:
        raise NotFound
    if not get_desk_for(user, call.team.edition).serves(call):
        raise NotFound
    return call


def get_call_of(team: Team, pk: int) -> HelpRequest:
    """A call of a team that the caller is in. Raises `NotFound`."""
    call = _with_names().filter(team=team, pk=pk).first()
    if call is None:
        raise NotFound
    return call


def get_readable_call_for(user: AnyUser, pk: int) -> HelpRequest:
    """A call, for who answers it and for the team that made it."""
    call = _with_names().filter(pk=pk).first()
    if call is None:
        raise NotFound
    desk = desk_of(user, call.team.edition)
    if desk is None or not desk.serves(call):
        get_team_for(user, call.team_id)
    return call


def teams_behind(call: HelpRequest) -> list[int]:
    """The teams whose place in the queue changes when `call` leaves it or comes back."""
    behind = HelpRequest.objects.of_queue(call).after(call)
    return list(behind.values_list("team_id", flat=True))


def _with_names() -> HelpRequestQuerySet:
    return HelpRequest.objects.select_related("team__department", "team__edition", "claimed_by")


# ---------------------------------------------------------------- how long they wait


@dataclass(frozen=True)
class Waits:
    """How an edition's calls went: from asking until somebody took them. For organizers.

    `waiting` are those that nobody has taken yet, the oldest first; `held` counts those that
    somebody has taken.
    """

    asked: int
    median: timedelta | None
    longest: timedelta | None
    waiting: list[HelpRequest]
    held: int

    @property
    def oldest(self) -> HelpRequest | None:
        """Who waits longest now."""
        return self.waiting[0] if self.waiting else None


def waits(edition: Edition) -> Waits:
    """Counts and times of all calls; two queries. The caller has checked who asks."""
    calls = HelpRequest.objects.filter(team__edition=edition)
    pairs = calls.order_by().values_list("requested_at", "claimed_at")
    taken = [(claimed - asked).total_seconds() for asked, claimed in pairs if claimed is not None]
    still_open = open_calls(Desk(edition, organizer=True))
    waiting = [call for call in still_open if call.state == HelpState.WAITING]
    return Waits(
        asked=len(pairs),
        median=timedelta(seconds=median(taken)) if taken else None,
        longest=timedelta(seconds=max(taken)) if taken else None,
        waiting=waiting,
        held=len(still_open) - len(waiting),
    )
