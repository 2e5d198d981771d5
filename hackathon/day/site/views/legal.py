from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.day.site import selectors, services
from hackathon.day.site.forms import LegalNoticeForm
from hackathon.day.site.rules import conformity


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    found = selectors.legal_notice()
    return render(request, "site/legal.html", {"notice": found, "state": conformity(found)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request) -> HttpResponse:
    form = LegalNoticeForm(posted(request), notice=selectors.edited_legal_notice(request.user))

    def save() -> object:
        return services.update_legal_notice(by=request.user, at=clock.now(), **form.cleaned_data)

    if not accepted(form, save):
        return form_page(request, "site/legal_edit.html", form)
    messages.success(request, _("C’est enregistré."))
    return redirect("site:legal")
