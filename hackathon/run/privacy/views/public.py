from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.file_responses import pdf_response
from hackathon.base.core.views import Request
from hackathon.day.site.selectors import legal_notice
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.run.privacy import register
from hackathon.run.privacy.kept import chapters


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    context = {"chapters": chapters(), "notice": legal_notice()}
    return render(request, "privacy/kept.html", context)


@require_safe
@for_organizers
def register_sheet(request: Request, edition: Edition) -> HttpResponseBase:
    pdf = register.sheet(edition, at=clock.now())
    filename = _("registre-rgpd-%(slug)s.pdf") % {"slug": edition.slug}
    return pdf_response(pdf, filename=filename, request=request)
