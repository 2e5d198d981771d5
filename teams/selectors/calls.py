"""A call is `NotFound` for people who do not answer it, except for the team that made it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from statistics import median

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import is_organizer
from teams.enums import HelpKind, HelpState
from teams.models import Duty, HelpRequest, HelpRequestQuerySet, Membership, Team
from teams.signals import duties_asked

type AnyUser = User | AnonymousUser


# ---------------------------------------------------------------- who answers


@dataclass(frozen=True)
class Helper:
    edition: Edition
    organizer: bool
    duties: list[Duty] = field(default_factory=list)

    def serves(self, call: HelpRequest) -> bool:
        return call.team.edition_id == self.edition.pk and (
            self.organizer or any(_covers(duty, call) for duty in self.duties)
        )

    @property
    def calls(self) -> Q:
        mine = Q(team__edition=self.edition)
        if self.organizer:
            return mine
        return mine & reduce(or_, [_condition(duty) for duty in self.duties])


def duties_of(users: Sequence[User], edition: Edition) -> dict[int, list[Duty]]:
    """By user id, for users without a team. One query, and those of `duties_asked`'s receivers."""
    by_user: dict[int, list[Duty]] = {}
    if not users:
        return by_user
    for duty in [*entered_duties(users, edition), *_duties_from_signal(edition, users)]:
        by_user.setdefault(duty.user_id, []).append(duty)
    return by_user


def entered_duties(users: Sequence[User], edition: Edition) -> list[Duty]:
    """Without those from `duties_asked`. One query."""
    duties = Duty.objects.filter(user__in=users, edition=edition)
    return list(duties.select_related("department"))


def helper_of(user: AnyUser, edition: Edition | None) -> Helper | None:
    """None for members of a team, and for people who answer no calls."""
    if edition is None or not user.is_authenticated or not user.is_active:
        return None
    if is_organizer(user, edition):
        return Helper(edition, organizer=True)
    if Membership.objects.filter(user=user, edition=edition).exists():
        return None
    duties = duties_of([user], edition).get(user.pk)
    return Helper(edition, organizer=False, duties=duties) if duties else None


def get_helper_for(user: AnyUser, edition: Edition | None) -> Helper:
    helper = helper_of(user, edition)
    if helper is None:
        raise NotFound
    return helper


def all_duties(edition: Edition) -> tuple[list[Duty], list[Duty]]:
    """The duties that organizers entered, and those from `duties_asked`. For organizers only."""
    entered = Duty.objects.filter(edition=edition).select_related("user", "department")
    return list(entered), _duties_from_signal(edition, None)


def get_duty(edition: Edition, pk: int) -> Duty:
    return get_or_not_found(Duty.objects.select_related("user", "edition"), edition=edition, pk=pk)


def _duties_from_signal(edition: Edition, users: Sequence[User] | None) -> list[Duty]:
    duties: list[Duty] = []
    for _receiver, answer in duties_asked.send(Duty, edition=edition, users=users):
        answered: Iterable[Duty] = answer or ()  # type: ignore[assignment]
        duties += answered
    return duties


def _covers(duty: Duty, call: HelpRequest) -> bool:
    return duty.kind == call.kind and duty.department_id in (None, call.team.department_id)


def _condition(duty: Duty) -> Q:
    of_kind = Q(kind=duty.kind)
    if duty.department_id is None:
        return of_kind
    return of_kind & Q(team__department=duty.department_id)


# ---------------------------------------------------------------- calls


@dataclass(frozen=True)
class TeamCall:
    """`place` in the queue: from 1 while it waits, else 0."""

    call: HelpRequest
    place: int

    @property
    def version(self) -> str:
        """Changes whenever the card of this call must be drawn again."""
        return f"{self.call.pk} {self.call.state} {self.place} {self.call.where}"


def open_call_of(team: Team) -> HelpRequest | None:
    return _with_names().filter(team=team).open().first()


def calls_since(team: Team, since: datetime) -> int:
    return HelpRequest.objects.filter(team=team, requested_at__gt=since).count()


def team_call_of(team: Team) -> TeamCall | None:
    call = open_call_of(team)
    return None if call is None else team_call(call)


def team_call(call: HelpRequest) -> TeamCall:
    """One query while the call waits, else none."""
    waits = call.state == HelpState.WAITING
    ahead = HelpRequest.objects.of_queue(call).before(call).count() if waits else -1
    return TeamCall(call, ahead + 1)


def with_places(open_: Iterable[HelpRequest]) -> list[TeamCall]:
    """`team_call` for all `open_calls` of a helper, who sees whole queues. No query."""
    waiting: Counter[tuple[str, int | None]] = Counter()
    placed = []
    for call in open_:
        if call.state != HelpState.WAITING:
            placed.append(TeamCall(call, 0))
            continue
        one_for_all = call.kind == HelpKind.TECHNICAL
        queue = (call.kind, None if one_for_all else call.team.department_id)
        waiting[queue] += 1
        placed.append(TeamCall(call, waiting[queue]))
    return placed


def last_call_of(team: Team) -> HelpRequest | None:
    over = _with_names().filter(team=team, closed_at__isnull=False)
    return over.order_by("-closed_at").first()


def calls_of(team: Team) -> list[HelpRequest]:
    """Newest first. One query. The caller has checked the rights."""
    return list(_with_names().filter(team=team).order_by("-requested_at", "-pk"))


def open_calls(helper: Helper) -> list[HelpRequest]:
    """The oldest first. One query."""
    return list(_with_names().filter(helper.calls).open())


def floors_of(edition: Edition) -> list[int]:
    floors = Team.objects.filter(edition=edition).order_by("floor")
    numbers = floors.values_list("floor", flat=True).distinct()
    return [floor for floor in numbers if floor is not None]


def get_call_for(user: AnyUser, pk: int) -> HelpRequest:
    call = get_or_not_found(_with_names(), pk=pk)
    if not get_helper_for(user, call.team.edition).serves(call):
        raise NotFound
    return call


def get_call_of(team: Team, pk: int) -> HelpRequest:
    return get_or_not_found(_with_names(), team=team, pk=pk)


def all_calls(helper: Helper) -> QuerySet[HelpRequest]:
    """Those that this person answers, finished ones included. One query."""
    return _with_names().filter(helper.calls)


def teams_behind(call: HelpRequest) -> list[int]:
    behind = HelpRequest.objects.of_queue(call).after(call)
    return list(behind.values_list("team_id", flat=True))


def _with_names() -> HelpRequestQuerySet:
    return HelpRequest.objects.select_related("team__department", "team__edition", "claimed_by")


# ---------------------------------------------------------------- how long they wait


@dataclass(frozen=True)
class Waits:
    """How long calls waited until a helper took them. `held`: how many are taken now."""

    asked: int
    median: timedelta | None
    longest: timedelta | None
    waiting: list[HelpRequest]
    held: int

    @property
    def oldest(self) -> HelpRequest | None:
        return self.waiting[0] if self.waiting else None


def waits(edition: Edition) -> Waits:
    """Two queries. For organizers: the caller has checked the rights."""
    calls = HelpRequest.objects.filter(team__edition=edition)
    pairs = calls.order_by().values_list("requested_at", "claimed_at")
    taken = [
        (claimed - requested).total_seconds() for requested, claimed in pairs if claimed is not None
    ]
    still_open = open_calls(Helper(edition, organizer=True))
    waiting = [call for call in still_open if call.state == HelpState.WAITING]
    return Waits(
        asked=len(pairs),
        median=timedelta(seconds=median(taken)) if taken else None,
        longest=timedelta(seconds=max(taken)) if taken else None,
        waiting=waiting,
        held=len(still_open) - len(waiting),
    )
