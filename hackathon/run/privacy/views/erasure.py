from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.accounts.second_factor import fresh_proof
from hackathon.base.core import clock
from hackathon.base.core.forms import ConfirmForm
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.event.people.selectors import obstacles
from hackathon.run.privacy import selectors
from hackathon.run.privacy.forms import AnswerForm
from hackathon.run.privacy.services import erasure


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof
def own(request: Request) -> HttpResponse:
    """Deletes the account, or says why this is not possible yet and takes a request."""
    user = request.user
    label = _("Je supprime mon compte. Cela ne peut pas être annulé.")
    form = ConfirmForm(label, posted(request))
    if accepted(form, lambda: erasure.erase_own(user, at=clock.now())):
        logout(request)
        response = render(request, "privacy/account_deleted.html")
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
    context = {"obstacles": obstacles(user), "asked": selectors.last_request_of(user)}
    return form_page(request, "privacy/delete_account.html", form, **context)


@login_required
@require_POST
def ask(request: Request) -> HttpResponse:
    return perform(
        request,
        lambda: erasure.ask(request.user, at=clock.now()),
        done=_("Votre demande est enregistrée. L’organisation vous répond dans le mois."),
        to=reverse("privacy:own-erasure"),
    )


@login_required
@require_POST
def withdraw(request: Request) -> HttpResponse:
    return perform(
        request,
        lambda: erasure.withdraw(request.user, at=clock.now()),
        done=_("Votre demande est retirée."),
        to=reverse("privacy:own-erasure"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
@fresh_proof
def answer(request: Request, edition: Edition, pk: int) -> HttpResponse:
    open_request = selectors.get_open_request(edition, pk)
    form = AnswerForm(posted(request))
    act: dict[str, Any] = {"edition": edition, "by": request.user, "at": clock.now()}
    refuses = request.POST.get("do") == "refuse"

    def settle() -> None:
        if refuses:
            erasure.refuse_request(open_request.asked, answer=form.cleaned_data["answer"], **act)
        else:
            erasure.grant(open_request.asked, **act)

    if accepted(form, settle):
        done = _("Votre réponse part par e-mail.") if refuses else _("Le compte est effacé.")
        messages.success(request, done)
        return redirect("privacy:index", edition.slug)
    context = {"managed": edition, "found": open_request}
    return form_page(request, "privacy/answer.html", form, **context)
