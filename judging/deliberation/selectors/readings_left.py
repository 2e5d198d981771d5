"""Which readings of a jury are still to be done, without a mark."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count

from hackathon.event.editions.models import Department
from judging.enums import ReadingKind, SheetState
from judging.jury.readings import Pair
from judging.models import Assignment, Criterion, Juror, Recusal, ScoreSheet
from teams.models import Team


def expected_readings(
    department: Department, jurors: Iterable[Juror], teams: Iterable[Team], *, seconds: bool
) -> dict[int, set[Pair]]:
    """The readings to do, by juror id."""
    assigned = Assignment.objects.filter(team__department=department, team__absent_at=None)
    rows = list(assigned.values_list("juror_id", "team_id", "kind"))
    recused = set(
        Recusal.objects.filter(team__department=department).values_list("juror_id", "team_id")
    )
    read = {(juror, team) for juror, team, kind in rows if kind == ReadingKind.PLANNED}
    if not read:
        read = {(juror.pk, team.pk) for juror in jurors for team in teams}
    read |= {(juror, team) for juror, team, kind in rows if seconds or kind != ReadingKind.SECOND}
    return {j.pk: {p for p in read if p[0] == j.pk and p not in recused} for j in jurors}


def finished_readings(department: Department) -> dict[Pair, datetime]:
    sheets = ScoreSheet.objects.filter(team__department=department, state=SheetState.FINAL)
    rows = sheets.values_list("juror_id", "team_id", "finished_at")
    return {(juror, team): instant for juror, team, instant in rows if instant is not None}


def complete_drafts(department: Department) -> set[Pair]:
    """Drafts with a mark for each criterion: only finishing them is missing. Two queries."""
    criteria = Criterion.objects.filter(department=department).count()
    drafts = ScoreSheet.objects.filter(team__department=department, state=SheetState.DRAFT)
    complete = drafts.annotate(marked=Count("scores")).filter(marked=criteria, marked__gt=0)
    return set(complete.values_list("juror_id", "team_id"))


def late_jurors(department: Department, *, seconds: bool) -> list[Juror]:
    """Seated jurors with readings to be done; with second ones only if `seconds`."""
    jurors = seated_in(department)
    teams = list(Team.objects.present().filter(department=department))
    expected = expected_readings(department, jurors, teams, seconds=seconds)
    done = finished_readings(department).keys()
    return [juror for juror in jurors if expected[juror.pk] - done]


def seated_in(department: Department) -> list[Juror]:
    """With their users and the given department."""
    jurors = list(Juror.objects.seated().filter(department=department).select_related("user"))
    for juror in jurors:
        juror.department = department
    return jurors
