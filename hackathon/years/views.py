from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.core.exports import exported
from hackathon.core.views import Request
from hackathon.years import charts, selectors


@require_safe
@never_cache
@login_required
def index(request: Request) -> HttpResponse:
    years = selectors.years_of(request.user, at=clock.now())
    tables = charts.tables(years)
    columns: list[Any] = [(_("Thème"), lambda line: line[0]), (_("Mesure"), lambda line: line[1])]
    for place, year in enumerate(years):
        columns.append((year.edition.name, lambda line, at=place: _exported(line[2][at])))
    lines = [(table.title, label, cells) for table in tables for label, cells in table.lines]
    if file := exported(request, "annees", columns, lambda: lines):
        return file
    return render(request, "years/index.html", {"years": years, "tables": tables})


def _exported(cell: charts.Cell) -> float | None:
    """Waits in minutes."""
    value = cell.value / timedelta(minutes=1) if isinstance(cell.value, timedelta) else cell.value
    return None if value is None else round(value, 2)
