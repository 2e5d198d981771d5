import uuid

from django.db.models.fields.files import FieldFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.file_responses import file_response
from hackathon.base.core.file_types import type_of
from hackathon.base.core.views import Request
from hackathon.event.editions.views.briefs import attached_file
from hackathon.event.partners import selectors


@require_safe
def client(request: Request) -> HttpResponse:
    now = clock.now()
    page = selectors.get_client_page_for(request.user, request.edition, at=now)
    context = {
        "page": page,
        "is_public": selectors.client_is_public(page.edition, page, at=now),
        "representatives": page.representatives.splitlines(),
    }
    return render(request, "partners/client.html", context)


@require_safe
def client_logo(request: Request) -> HttpResponseBase:
    page = selectors.get_logo_page_for(request.user, request.edition, at=clock.now())
    return _picture(request, page.logo)


@require_safe
def document(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    shown = selectors.get_document_for(request.user, pk, at=clock.now())
    return attached_file(shown, request)


@require_safe
def partner_logo(request: Request, pk: uuid.UUID) -> HttpResponseBase:
    return _picture(request, selectors.get_logo_for(request.user, pk).logo)


def _picture(request: Request, logo: FieldFile) -> HttpResponseBase:
    with logo.open("rb") as file:
        kind = type_of(file)
    return file_response(logo, filename="logo", content_type=kind, inline=True, request=request)
