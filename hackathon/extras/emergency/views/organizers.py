from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.printing.answers import sheet_answer
from hackathon.extras.emergency import selectors, services, sheets
from hackathon.extras.emergency.forms import NoticeForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def notice(request: Request, edition: Edition) -> HttpResponse:
    stored = selectors.notice_of(edition)
    form = NoticeForm(posted(request), edition=edition, notice=stored)
    if accepted(
        form,
        lambda: services.save_notice(
            edition=edition, by=request.user, at=clock.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("C’est enregistré."))
        return redirect("emergency:settings", edition.slug)
    return form_page(request, "emergency/settings.html", form, managed=edition)


@require_safe
@for_organizers
def poster(request: Request, edition: Edition) -> HttpResponseBase:
    return sheet_answer(request, edition, "urgence", sheets.poster(edition))
