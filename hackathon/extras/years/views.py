from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request
from hackathon.extras.years import charts, selectors


@require_safe
@never_cache
@login_required
def index(request: Request) -> HttpResponse:
    years = selectors.years_of(request.user, at=clock.now())
    tables = charts.tables(years)
    lines = [(table["title"], label, v) for table in tables for label, _most, v in table["lines"]]
    columns: list[Any] = [(_("Thème"), lambda line: line[0]), (_("Mesure"), lambda line: line[1])]
    for place, year in enumerate(years):
        columns.append((year.title, lambda line, at=place: line[2][at][1]))
    if file := exported(request, "annees", columns, lambda: lines):
        return file
    return render(request, "years/index.html", {"years": years, "tables": tables})
