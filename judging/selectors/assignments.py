"""Who reads whom, and whose sheets count."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.http import Http404

from hackathon.editions.models import Department
from judging.enums import SheetState
from judging.models import Assignment, Juror, Recusal, ScoreSheet
from teams.models import Team


def judged_teams(juror: Juror) -> list[Team]:
    """The teams that the juror reads, in their own order, with their department; three queries.

    Those they are assigned; all of the department's as long as nobody in it is assigned any. Never
    one that they are recused from.
    """
    teams = Team.objects.filter(department=juror.department_id).exclude(recusals__juror=juror)
    teams = teams.select_related("edition", "department")
    assigned = Assignment.objects.filter(juror__department=juror.department_id)
    if not assigned.exists():
        return list(teams)
    mine = teams.filter(assignments__juror=juror)
    return list(mine.order_by("assignments__position", "assignments__pk"))


def judges(juror: Juror, team_pk: int) -> bool:
    """Whether the juror may read what this team handed in."""
    return any(team.pk == team_pk for team in judged_teams(juror))


def reads(juror: Juror, team: Team, *, begun: bool) -> bool:
    """Whether the juror writes on a sheet of this team of their department.

    Whoever has begun one may go on with it when the team was given to somebody else since; nobody
    who is recused from it.
    """
    if Recusal.objects.filter(juror=juror, team=team).exists():
        return False
    if begun:
        return True
    readers = Assignment.objects.filter(juror__department=juror.department_id)
    found = set(readers.filter(team=team).values_list("juror_id", flat=True))
    return juror.pk in found or (not found and not readers.exists())


def get_judged_team(juror: Juror, pk: int) -> Team:
    """One of them. Raises `Http404` for any other."""
    for team in judged_teams(juror):
        if team.pk == pk:
            return team
    raise Http404


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
