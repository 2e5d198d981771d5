"""Who reads whom, and whose sheets count."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from hackathon.core.errors import NotFound
from hackathon.editions.models import Department, Edition
from judging.enums import ReadingKind, SheetState
from judging.models import Assignment, Juror, Recusal, Score, ScoreSheet
from teams.models import Team

type Pair = tuple[int, int]  # a juror and a team, by their ids


@dataclass(frozen=True)
class Tally:
    """How many sheets a juror has finished, has begun, and has in all."""

    done: int
    drafts: int
    total: int


@dataclass(frozen=True)
class Shares:
    """Who reads whom in an edition, by ids: each juror's teams, the departments that have a plan,
    and which readings are second ones.
    """

    read: Mapping[int, set[int]]
    planned: set[int]
    seconds: set[Pair]


def has_plan(department: Department) -> bool:
    """Whether somebody said who reads whom; without a plan every juror reads every team."""
    return _planned(department.pk).exists()


def judged_teams(juror: Juror) -> list[Team]:
    """The teams that the juror reads, in their own order, with their department; three queries.

    Those they are assigned; all of the department's as long as nobody in it is assigned any. Never
    one that they are recused from.
    """
    teams = Team.objects.filter(department=juror.department_id).exclude(recusals__juror=juror)
    teams = teams.select_related("edition", "department")
    if not _planned(juror.department_id).exists():
        return list(teams)
    mine = teams.filter(assignments__juror=juror)
    return list(mine.order_by("assignments__position", "assignments__pk"))


def judges(juror: Juror, team_pk: int) -> bool:
    """Whether the juror may read what this team handed in."""
    return any(team.pk == team_pk for team in judged_teams(juror))


def reads(juror: Juror, team: Team) -> bool:
    """Whether the juror may begin a sheet of this team of their department. (`begun_sheet` tells
    of one that they have begun: they may go on with it when the team was given to somebody else.)
    """
    if Recusal.objects.filter(juror=juror, team=team).exists():
        return False
    if Assignment.objects.filter(juror=juror, team=team).exists():
        return True
    return not _planned(juror.department_id).exists()


def get_judged_team(juror: Juror, pk: int) -> Team:
    """One of them. Raises `NotFound` for any other."""
    for team in judged_teams(juror):
        if team.pk == pk:
            return team
    raise NotFound


def final_sheets(department: Department) -> Iterable[ScoreSheet]:
    """The sheets that count: finished, not by who has joined a team or is recused from this one.

    Those of jurors who have left the jury since stay.
    """
    jurors = Juror.objects.counted().filter(department=department)
    recused = Recusal.objects.filter(juror=OuterRef("juror"), team=OuterRef("team"))
    sheets = ScoreSheet.objects.filter(
        ~Exists(recused), juror__in=jurors, team__department=department, state=SheetState.FINAL
    )
    return sheets.select_related("juror__user").prefetch_related("scores").order_by("pk")


def tally_of(juror: Juror) -> Tally:
    """How far one juror is. A fixed number of queries."""
    teams = {team.pk for team in judged_teams(juror)}
    states = sheet_states(Q(juror=juror))
    return tally(juror.pk, teams, states)


def tally(juror_pk: int, teams: Iterable[int], states: Mapping[Pair, str]) -> Tally:
    """How far a juror is with these teams, by the states of sheets."""
    found = [states.get((juror_pk, team)) for team in set(teams)]
    return Tally(
        done=found.count(SheetState.FINAL), drafts=found.count(SheetState.DRAFT), total=len(found)
    )


def sheet_states(where: Q) -> dict[Pair, str]:
    """The state of each sheet; a draft whose every word and mark was taken away is not begun."""
    written = Exists(Score.objects.filter(sheet=OuterRef("pk"))) | ~Q(comment="") | ~Q(notes="")
    rows = ScoreSheet.objects.filter(written, where).values_list("juror_id", "team_id", "state")
    return {(juror, team): state for juror, team, state in rows}


def shares_in(
    edition: Edition, jurors: Iterable[Juror], teams: Mapping[int, Iterable[int]]
) -> Shares:
    """Whom each of these jurors reads, as `judged_teams` says; two queries.

    `teams` are the ids of each department's teams, by the department's.
    """
    assigned: dict[int, set[int]] = defaultdict(set)
    planned: set[int] = set()
    seconds: set[Pair] = set()
    rows = Assignment.objects.filter(juror__department__edition=edition).order_by()
    for juror, team, kind, department in rows.values_list(
        "juror_id", "team_id", "kind", "juror__department_id"
    ):
        assigned[juror].add(team)
        if kind == ReadingKind.SECOND:
            seconds.add((juror, team))
        elif kind == ReadingKind.PLANNED:
            planned.add(department)
    recused = recused_pairs(Q(juror__department__edition=edition))
    read = {}
    for seat in jurors:
        everybody = teams.get(seat.department_id, ())
        mine = assigned[seat.pk] if seat.department_id in planned else everybody
        read[seat.pk] = {team for team in mine if (seat.pk, team) not in recused}
    return Shares(read, planned, seconds)


def recused_pairs(where: Q) -> set[Pair]:
    """Who must not judge whom."""
    return set(Recusal.objects.filter(where).values_list("juror_id", "team_id"))


def _planned(department_pk: int) -> QuerySet[Assignment]:
    """Without what comes on top of a plan, or of all reading all."""
    return Assignment.objects.filter(juror__department=department_pk, kind=ReadingKind.PLANNED)
