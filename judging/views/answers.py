"""How pages of this app answer what is sent to them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from hackathon.accounts.models import User
from hackathon.core.errors import Refused
from hackathon.editions.models import Edition


class SignedIn(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    edition: Edition | None


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the fields of a POST, however few."""
    return request.POST if request.method == "POST" else None


def accepted(form: BaseForm, serve: Callable[[], Any]) -> bool:
    """Call the service if the form is sent and well formed. A refusal becomes the form's error."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        serve()
    except Refused as refused:
        form.add_error(None, str(refused.refusal))
        return False
    return True


def page(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """The page with its form; 422 if what was sent was not accepted, with all that was typed."""
    status = 422 if form.is_bound else 200
    return render(request, template, {**context, "form": form}, status=status)


def act(request: HttpRequest, serve: Callable[[], Any], *, done: str, to: str) -> HttpResponse:
    """Call the service of a button and say on the page `to` how it went; without `done` nothing
    but a refusal: the page shows it.
    """
    try:
        serve()
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect(to)
