"""Who must not judge whom, and why: for organizers, the president and the juror themself."""

from django.shortcuts import get_object_or_404

from hackathon.editions.models import Department
from judging.models import Juror, Recusal
from teams.models import Team


def recusals_of(department: Department) -> list[Recusal]:
    """All of a jury, with their reasons. No right of access here: callers fetch an organizer's
    department, or the president, first.
    """
    found = Recusal.objects.filter(juror__department=department)
    return list(found.select_related("juror__user", "team", "made_by").order_by("team__name", "pk"))


def own_recusals(juror: Juror) -> list[Recusal]:
    """What a juror is kept from."""
    return list(juror.recusals.select_related("team", "made_by").order_by("team__name"))


def is_recused(juror: Juror, team_pk: int) -> bool:
    """Whether the juror is kept from this team."""
    return Recusal.objects.filter(juror=juror, team=team_pk).exists()


def get_recusal_of(department: Department, pk: int) -> Recusal:
    """One of this jury. Raises Http404."""
    found = Recusal.objects.select_related("juror__user", "juror__department__edition", "team")
    return get_object_or_404(found, pk=pk, juror__department=department)


def get_own_recusal(juror: Juror, pk: int) -> Recusal:
    """One of this juror's. Raises Http404."""
    found = Recusal.objects.select_related("juror__user", "juror__department__edition", "team")
    return get_object_or_404(found, pk=pk, juror=juror)


def get_team_of_jury(juror: Juror, pk: int) -> Team:
    """A team of the juror's department, read by them or not. Raises Http404."""
    teams = Team.objects.select_related("department__edition")
    return get_object_or_404(teams, pk=pk, department=juror.department_id)
