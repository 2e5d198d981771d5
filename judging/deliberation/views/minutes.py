from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock, journal
from hackathon.base.core.csv_files import csv_file
from hackathon.base.core.exports import exported
from hackathon.base.core.file_responses import file_response
from hackathon.base.core.views import Request
from judging.deliberation import minutes_pdf
from judging.deliberation.selectors import minutes
from judging.enums import HEARING


@dataclass(frozen=True)
class Export:
    act: str
    name: str
    columns: Sequence[str]
    rows: Callable[[minutes.Minutes], Sequence[Sequence[str]]]


# Input for `manage.py rank`.
MARKS = Export("marks.exported", "notes", minutes.COLUMNS, minutes.rows_of)
HEARD = Export(f"{HEARING}.exported", HEARING, minutes.PASSAGE_COLUMNS, minutes.rows_of_passages)


@login_required
@require_safe
def pdf(request: Request, code: str) -> HttpResponseBase:
    shown = minutes.get_minutes_for(request.user, code, request.edition, at=clock.now())
    return _pdf(request, shown)


@login_required
@require_safe
def pdf_of_department(request: Request, pk: int) -> HttpResponseBase:
    """For organizers, of any edition."""
    return _pdf(request, minutes.get_minutes_of(request.user, pk, at=clock.now()))


@login_required
@never_cache
@require_safe
def table(request: Request, code: str, export: Export) -> HttpResponse:
    shown = minutes.get_marks_for(request.user, code, request.edition, at=clock.now())
    return _exported(request, shown, export)


@login_required
@never_cache
@require_safe
def table_of_department(request: Request, pk: int, export: Export) -> HttpResponse:
    """For organizers, of any edition."""
    shown = minutes.get_minutes_of(request.user, pk, at=clock.now())
    return _exported(request, shown, export)


def _pdf(request: Request, shown: minutes.Minutes) -> HttpResponseBase:
    journal.record_view("minutes.viewed", shown.department, by=request.user, at=clock.now())
    response = file_response(
        ContentFile(minutes_pdf.render(shown)),
        filename=minutes_pdf.filename(shown),
        content_type="application/pdf",
        inline=True,
        request=request,
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _exported(request: Request, shown: minutes.Minutes, export: Export) -> HttpResponse:
    journal.record_view(export.act, shown.department, by=request.user, at=clock.now())
    columns = [(title, itemgetter(n)) for n, title in enumerate(export.columns)]
    name = f"{export.name}-{shown.department.code}"
    if file := exported(request, name, columns, lambda: export.rows(shown)):
        return file
    body = csv_file(export.columns, export.rows(shown))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name.lower()}.csv"'
    return response
