"""The round and the answers of teams. Raises `NotFound` for those who may not see them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.live.fragments import once
from hackathon.event.editions.models import Department, Edition
from hackathon.event.roles import Roles, is_tutor_of, tutored
from hackathon.extras.rounds import rules
from hackathon.extras.rounds.enums import LATE, Progress
from hackathon.extras.rounds.models import CheckIn, CheckInAnswer, RoundVisit
from teams.enums import HelpKind
from teams.floors import Floor, RoomOrder, by_floor, by_room, place
from teams.models import Team

CLIENT = "client"  # the key of the round that all representatives of the client share
CHECK_INS, VISITS = "check_in team edition", "round team edition"


# ---------------------------------------------------------------- the round


@dataclass(frozen=True)
class Line:
    """A team. `visits`: of everybody, without their notes. `own`: of who reads the page."""

    team: Team
    visits: list[RoundVisit]
    own: RoundVisit | None


@dataclass(frozen=True)
class Progression:
    """How many teams somebody has seen. `name` is empty for the client."""

    key: str
    name: str
    seen: int


@dataclass(frozen=True)
class Round:
    """`left`: by floor, the way to go; its first team is the next one. `seen`: the latest first."""

    left: list[Floor[Line]]
    seen: list[Line]
    last: Line | None
    everybody: list[Progression]
    departments: list[Department]
    key: str
    is_own: bool

    @property
    def left_count(self) -> int:
        return sum(len(floor.found) for floor in self.left)

    @property
    def total(self) -> int:
        return self.left_count + len(self.seen)

    @property
    def next(self) -> Line | None:
        return self.left[0].found[0] if self.left else None


def makes_round(roles: Roles) -> bool:
    """Clients, professors, helpers and organizers: who is in no team."""
    return roles.organizer or bool(roles.duties)


def is_client(roles: Roles) -> bool:
    return not roles.organizer and any(duty.kind == HelpKind.CLIENT for duty in roles.duties)


def check_makes_round(roles: Roles, edition: Edition | None) -> Edition:
    if edition is None or not makes_round(roles):
        raise NotFound
    return edition


def get_team_of_round(roles: Roles, edition: Edition | None, pk: int) -> Team:
    edition = check_makes_round(roles, edition)
    return get_or_not_found(Team.objects.select_related("edition"), edition=edition, pk=pk)


def round_of(
    user: User, roles: Roles, edition: Edition, *, department: str = "", key: str = ""
) -> Round:
    """`key`: of whom, if not one's own (`Progression.key`). Three queries."""
    seen_teams = RoundVisit.objects.filter(team__edition=edition, team__absent_at=None)
    visits = list(seen_teams.select_related("by"))
    own = {visit.team_id: visit for visit in visits if visit.by_id == user.pk}
    own_key = CLIENT if is_client(roles) else str(user.pk)
    key = key or own_key
    seen_at = {v.team_id: v.at for v in visits if _key(v) == key}
    by_team: dict[int, list[RoundVisit]] = defaultdict(list)
    for visit in visits:
        by_team[visit.team_id].append(visit)
    lines = [
        Line(team, by_team[team.pk], own.get(team.pk))
        for team in _present_teams(edition)
        if department in ("", team.department.code)
    ]
    seen = [line for line in lines if line.team.pk in seen_at]
    by_pk = {line.team.pk: line for line in lines}
    last = next((by_pk[pk] for pk in reversed(own) if pk in by_pk), None)
    return Round(
        left=_way([line for line in lines if line.team.pk not in seen_at], last),
        seen=sorted(seen, key=lambda line: seen_at[line.team.pk], reverse=True),
        last=last,
        everybody=_everybody(visits),
        departments=list(edition.departments.all()),
        key=key,
        is_own=key == own_key,
    )


def unseen_teams(edition: Edition) -> list[Team] | None:
    """By nobody; by floor and room. None while nobody has begun a round. Two queries."""
    if not RoundVisit.objects.filter(team__edition=edition).exists():
        return None
    teams = Team.objects.filter(edition=edition, round_visits=None).present()
    return sorted(teams, key=place)


def _present_teams(edition: Edition) -> list[Team]:
    return list(Team.objects.filter(edition=edition).present().select_related("department"))


def _key(visit: RoundVisit) -> str:
    return CLIENT if visit.for_client else str(visit.by_id)


def _way(left: Iterable[Line], last: Line | None) -> list[Floor[Line]]:
    """From the room that was seen last: the later rooms of its floor, its earlier ones, and the
    other floors, the nearest first.
    """
    floor = last.team.floor if last else None

    def order(line: Line) -> tuple[bool, RoomOrder]:
        is_earlier = last is not None and by_room(line.team) < by_room(last.team)
        return is_earlier and line.team.floor == floor, by_room(line.team)

    return by_floor(left, floor_of=lambda line: line.team.floor, order=order, nearest=floor)


def _everybody(visits: Iterable[RoundVisit]) -> list[Progression]:
    """The client first, then who has seen most."""
    seen: defaultdict[str, set[int]] = defaultdict(set)
    names: dict[str, str] = {}
    for visit in visits:
        seen[_key(visit)].add(visit.team_id)
        names[_key(visit)] = "" if visit.for_client else visit.by.display_name
    everybody = [Progression(key, names[key], len(pks)) for key, pks in seen.items()]
    return sorted(everybody, key=lambda line: (line.key != CLIENT, -line.seen, line.name))


# ---------------------------------------------------------------- « Où en êtes-vous ? »


def check_ins_of(edition: Edition) -> list[CheckIn]:
    """Those that are not cancelled, with their answers. Two queries."""
    answers = CheckInAnswer.objects.select_related("answered_by", "team__department")
    standing = CheckIn.objects.filter(edition=edition).standing()
    return list(standing.prefetch_related(Prefetch("answers", answers)))


def shared_check_ins(edition: Edition) -> list[CheckIn]:
    """No query until a message about them."""
    return once(edition, "check-ins", check_ins_of, CHECK_INS)


def get_check_in(edition: Edition, pk: int) -> CheckIn:
    return get_or_not_found(CheckIn.objects.all(), edition=edition, pk=pk)


@dataclass(frozen=True)
class Answers:
    """Of the question that was asked last. `silent`: teams without an answer, by room."""

    check_in: CheckIn | None
    coming: list[CheckIn]
    stuck: list[CheckInAnswer]
    behind: list[CheckInAnswer]
    fine: list[CheckInAnswer]
    silent: list[Team]


def may_read_answers(roles: Roles, department_pk: int) -> bool:
    """Juries never: an answer must not weigh in a mark."""
    return roles.organizer or is_tutor_of(roles, department_pk)


def reads_answers(roles: Roles) -> bool:
    """Of some department."""
    return roles.organizer or bool(tutored(roles))


def answers_for(roles: Roles, edition: Edition | None, *, at: datetime) -> Answers:
    """Three queries."""
    if edition is None or not reads_answers(roles):
        raise NotFound
    check_ins = check_ins_of(edition)
    check_in = rules.last_asked(check_ins, at=at)
    by_team = {a.team_id: a for a in check_in.answers.all()} if check_in else {}
    teams = (t for t in _present_teams(edition) if may_read_answers(roles, t.department_id))
    doors = sorted(teams, key=place)
    given = [by_team[team.pk] for team in doors if team.pk in by_team]
    return Answers(
        check_in=check_in,
        coming=[planned for planned in check_ins if planned.asks_at > at],
        stuck=[answer for answer in given if answer.progress == Progress.STUCK],
        behind=[answer for answer in given if answer.progress == Progress.BEHIND],
        fine=[answer for answer in given if answer.progress == Progress.FINE],
        silent=[team for team in doors if team.pk not in by_team],
    )


def late_answers(check_ins: Iterable[CheckIn], *, at: datetime) -> list[CheckInAnswer]:
    """To the last question, of present teams, the worst first. No query."""
    check_in = rules.last_asked(check_ins, at=at)
    given = check_in.answers.all() if check_in else ()
    late = [a for a in given if a.progress in LATE and a.team.absent_at is None]
    return sorted(late, key=lambda a: (LATE.index(Progress(a.progress)), by_room(a.team)))
