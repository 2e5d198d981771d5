from django.http import HttpRequest
from django.template.loader import render_to_string

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.extras.offered_readings.models import Offering
from hackathon.extras.offered_readings.selectors import offered_to, offering
from judging.jury.own import own_seats


def offers(request: HttpRequest, edition: Edition) -> str:
    """For each seat of this person. No query while no jury offers readings."""
    offered, at = offering(edition), clock.now()
    teams = [
        (seat, offered_to(seat, at=at))
        for seat in own_seats(request)
        if seat.department_id in offered
    ]
    shown = [{"team": team, "code": seat.department.code} for seat, team in teams if team]
    template = "offered_readings/_offer.html"
    return "".join(render_to_string(template, context, request) for context in shown)


def switch(request: HttpRequest, edition: Edition) -> str:
    """The address of the page has the code or the id of the department."""
    assert request.resolver_match is not None
    named = request.resolver_match.kwargs
    departments = edition.departments.all()
    department = (
        departments.get(pk=named["pk"])
        if "pk" in named
        else departments.get(code__iexact=named["code"])
    )
    offers = Offering.objects.filter(department=department).exists()
    context = {"department": department, "offers": offers}
    return render_to_string("offered_readings/_switch.html", context, request)
