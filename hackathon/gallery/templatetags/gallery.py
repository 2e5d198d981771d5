from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from hackathon.core import clock
from hackathon.gallery import selectors
from hackathon.gallery.selectors import Work
from judging.ceremony.selectors.results import DepartmentResults
from teams.models import Team
from teams.own import own_membership

register = template.Library()


@register.simple_tag(takes_context=True)
def gallery_url(context: dict[str, Any], page: str, pk: int | None = None) -> str:
    """Of a page that the same visitor may open."""
    visit = context["visit"]
    args = [*visit.args, *([] if pk is None else [pk])]
    return reverse(f"gallery:{visit.way}-{page}", args=args)


@register.simple_tag
def public_works(results: Iterable[DepartmentResults] | None) -> dict[int, Work]:
    """Of the winners and nominees of published results, by id of the team. Eight queries."""
    shown = list(results or ())
    if not shown:
        return {}
    visit = selectors.public_visit(shown[0].department.edition, at=clock.now())
    named = {team.pk for result in shown for team in (*result.winners, *result.nominees)}
    return selectors.works_by_team(visit, named)


@register.filter
def of_team(works: dict[int, Work], team: Team) -> Work | None:
    return works.get(team.pk)


@register.simple_tag(takes_context=True)
def own_gallery(context: dict[str, Any]) -> SafeString:
    """What a member chooses for the works of the own team. Two queries. Neither an instant nor the
    publication changes it, so that no page fetches it then.
    """
    request = context["request"]
    membership = own_membership(request)
    if membership is None:
        return SafeString("")
    own = {"own": selectors.own_gallery(membership)}
    return render_to_string("gallery/_own.html", own, request)
