from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Department, Edition
from judging.enums import ReadingKind, SheetState
from judging.models import Assignment, Juror, Recusal, Score, ScoreSheet, SheetChange
from teams.models import Team

type Pair = tuple[int, int]  # a juror and a team, by their ids


@dataclass(frozen=True)
class SheetCounts:
    done: int
    drafts: int
    total: int


@dataclass(frozen=True)
class EditionReadings:
    read: Mapping[int, set[int]]  # teams by juror
    planned: set[int]  # departments
    seconds: set[Pair]


def has_plan(department: Department) -> bool:
    """Without a plan every juror of the department reads every team."""
    return Assignment.objects.planned_in(department.pk).exists()


def judged_teams(juror: Juror) -> list[Team]:
    """In the juror's order. Two queries."""
    judged = list(_judged_by(juror))
    for team in judged:
        team.department, team.edition = juror.department, juror.department.edition
    return judged


def _judged_by(juror: Juror) -> QuerySet[Team]:
    """One query is made at once: whether there is a plan."""
    teams = Team.objects.present().filter(department=juror.department_id)
    teams = teams.exclude(recusals__juror=juror)
    if not Assignment.objects.planned_in(juror.department_id).exists():
        return teams
    mine = teams.filter(assignments__juror=juror)
    return mine.order_by("assignments__position", "assignments__pk")


def is_judged_by(juror: Juror, team_pk: int) -> bool:
    return any(team.pk == team_pk for team in judged_teams(juror))


def get_judged_team(juror: Juror, pk: int) -> Team:
    """Raises `NotFound`."""
    for team in judged_teams(juror):
        if team.pk == pk:
            return team
    raise NotFound


def final_sheets(department: Department) -> Iterable[ScoreSheet]:
    """Finished sheets of jurors who are neither recused nor in a team."""
    jurors = Juror.objects.counted().filter(department=department)
    recused = Recusal.objects.filter(juror=OuterRef("juror"), team=OuterRef("team"))
    sheets = ScoreSheet.objects.filter(
        ~Exists(recused),
        juror__in=jurors,
        team__department=department,
        team__absent_at=None,
        state=SheetState.FINAL,
    )
    return sheets.select_related("juror__user").prefetch_related("scores").order_by("pk")


def sheet_counts_of(juror: Juror) -> SheetCounts:
    """Three queries, of few columns: they are made for each sheet that is finished."""
    teams = _judged_by(juror).values_list("pk", flat=True)
    states = sheet_states(Q(juror=juror))
    return count_sheets(juror.pk, teams, states)


def count_sheets(juror_pk: int, teams: Iterable[int], states: Mapping[Pair, str]) -> SheetCounts:
    own = [states.get((juror_pk, team)) for team in set(teams)]
    return SheetCounts(
        done=own.count(SheetState.FINAL), drafts=own.count(SheetState.DRAFT), total=len(own)
    )


def sheet_states(where: Q) -> dict[Pair, str]:
    """By juror and team, without empty drafts."""
    rows = ScoreSheet.objects.filter(is_written(), where).values_list(
        "juror_id", "team_id", "state"
    )
    return {(juror, team): state for juror, team, state in rows}


def is_written() -> Q:
    """Of a sheet that is not empty."""
    texts = ~Q(comment="") | ~Q(notes="")
    remarks = SheetChange.objects.of_remarks().exclude(value="").filter(sheet=OuterRef("pk"))
    return Exists(Score.objects.filter(sheet=OuterRef("pk"))) | Exists(remarks) | texts


def readings_in(
    edition: Edition, jurors: Iterable[Juror], teams: Mapping[int, Iterable[int]]
) -> EditionReadings:
    """The same rule as `judged_teams`. `teams` are ids of present teams by department.

    Two queries.
    """
    assigned: dict[int, set[int]] = defaultdict(set)
    planned: set[int] = set()
    seconds: set[Pair] = set()
    rows = Assignment.objects.filter(
        juror__department__edition=edition, team__absent_at=None
    ).order_by()
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
        all_teams = teams.get(seat.department_id, ())
        mine = assigned[seat.pk] if seat.department_id in planned else all_teams
        read[seat.pk] = {team for team in mine if (seat.pk, team) not in recused}
    return EditionReadings(read, planned, seconds)


def recused_pairs(where: Q) -> set[Pair]:
    return set(Recusal.objects.filter(where).values_list("juror_id", "team_id"))
