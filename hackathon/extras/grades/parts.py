"""What pages of the core show."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Edition
from hackathon.extras.grades import selectors
from teams.own import own_membership


def link(request: HttpRequest, edition: Edition) -> str:
    if not edition.is_graded:
        return ""
    return render_to_string("grades/_link.html", {"managed": edition}, request)


def own(request: HttpRequest, edition: Edition) -> str:
    """For this person alone. One query, for a member of a team on a graded day."""
    if not edition.is_graded or own_membership(request) is None:
        return ""
    grade = selectors.own_grade_of(request.user.pk or 0, edition)
    return render_to_string("grades/_own.html", {"own": grade}, request) if grade else ""


def of_team(request: HttpRequest, edition: Edition) -> str:
    """The team is in the address. Who only reads does not see it."""
    if not edition.is_graded or request.user.granted_as == ColleagueRole.READER:  # type: ignore[union-attr]
        return ""
    assert request.resolver_match is not None
    lines = selectors.own_grades_in(request.resolver_match.kwargs["pk"], edition)
    return render_to_string("grades/_of_team.html", {"managed": edition, "lines": lines}, request)
