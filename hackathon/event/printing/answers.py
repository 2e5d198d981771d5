from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hackathon.base.core.file_responses import pdf_response
from hackathon.base.core.views import Request
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import find_department


def asked_department(request: Request, edition: Edition) -> Department | None:
    """`?department=INFO`: only that one is printed."""
    return find_department(edition, request.GET.get("department", ""))


def sheet_answer(
    request: Request,
    edition: Edition,
    name: str,
    pdf: bytes,
    *,
    department: Department | None = None,
    back: str = "printing:index",
) -> HttpResponseBase:
    """`pdf`: empty, if there is nothing to print. `back`: a page of the edition, then."""
    if not pdf:
        messages.info(request, _("Il n’y a rien à imprimer pour l’instant."))
        return redirect(back, edition.slug)
    code = department.code.lower() if department else ""
    filename = "-".join(filter(None, [name, edition.slug, code]))
    return pdf_response(pdf, filename=f"{filename}.pdf", request=request)
