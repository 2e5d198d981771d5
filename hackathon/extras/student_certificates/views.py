from collections.abc import Callable
from pathlib import PurePath

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.codes import plain_code
from hackathon.base.core.file_responses import pdf_response
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.printing.answers import asked_department, sheet_answer
from hackathon.event.roles import roles_of_request
from hackathon.extras.student_certificates import selectors, services, sheets
from hackathon.extras.student_certificates.forms import NameForm
from hackathon.extras.student_certificates.rules import Certificate

NAME_LENGTH = User._meta.get_field("name").max_length
PAGE = "student_certificates/certificate.html"


@require_safe
@for_organizers
def sheet(
    request: Request, edition: Edition, list_of: Callable[..., list[Certificate]]
) -> HttpResponseBase:
    department, name = asked_department(request, edition), PurePath(request.path).stem
    found = list_of(edition, department, at=clock.now())
    pdf = sheets.certificates(edition, found)
    return sheet_answer(request, edition, name, pdf, department=department)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def correct(request: Request, edition: Edition) -> HttpResponse:
    form = NameForm(posted(request), edition=edition)
    if accepted(
        form,
        lambda: services.correct_name(**form.cleaned_data, by=request.user, at=clock.now()),
    ):
        messages.success(request, _("C’est fait."))
        return redirect("printing:index", edition.slug)
    return form_page(request, "student_certificates/correct.html", form, managed=edition)


@require_safe
@never_cache
def own(request: Request) -> HttpResponseBase:
    """Without `login_required`: 404 for everybody who has none, signed in or not."""
    found = selectors.get_own_certificates(roles_of_request(request).membership, at=clock.now())
    edition = found[0].membership.team.edition
    pdf = sheets.certificates(edition, found)
    return pdf_response(pdf, filename=f"attestation-{edition.slug}.pdf", request=request)


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    if code := plain_code(request.GET.get("code", "")):
        return redirect("student_certificates:certificate", code)
    return render(request, PAGE)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Public: shows what the certificate says. The name on it is posted, so that no log has it."""
    typed = plain_code(code)
    read_name = " ".join(request.POST.get("name", "")[:NAME_LENGTH].split())
    shown = selectors.find_certificate(typed, at=clock.now(), read_name=read_name)
    if shown is None:
        context = {"typed": typed, "unknown": True, "read_name": read_name}
        return render(request, PAGE, context, status=404)
    team = shown.membership.team
    context = {
        "certificate": shown,
        "team": team,
        "prizes": [sheets.prize_text(prize) for prize in shown.prizes],
    }
    with timezone.override(team.edition.zone):
        return render(request, PAGE, context)
