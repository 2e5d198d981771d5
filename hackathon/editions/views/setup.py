"""What every page of the set-up does: for organizers only, in the edition's zone, one service."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from hackathon.accounts.models import User
from hackathon.core.errors import Refused
from hackathon.editions import selectors
from hackathon.editions.errors import EditionRefusal
from hackathon.editions.models import Edition

# Where a refusal is said, if the form has that field.
FIELD_OF = {
    EditionRefusal.SLUG_TAKEN: "slug",
    EditionRefusal.DEPARTMENT_CODE_TAKEN: "code",
    EditionRefusal.ACCOUNT_UNKNOWN: "email",
    EditionRefusal.ATTACHMENT_TOO_LARGE: "attachments",
}


class OrganizerRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    edition: Edition | None


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the fields of a POST, however few."""
    return request.POST if request.method == "POST" else None


def sent_with_files(request: HttpRequest) -> tuple[Any, Any]:
    """Both things that a form with files is bound to; an empty set of files would bind it too."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def for_organizers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the edition of its address instead of the slug, with its zone active.

    Outsiders get the page of an address that does not exist; who is not signed in may do so first.
    """

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        edition = selectors.get_organized_edition(request.user, slug)
        with timezone.override(edition.zone):
            return view(request, edition, **kwargs)

    return wrapped


def answer(
    request: HttpRequest,
    form: Form,
    serve: Callable[[], Any],
    *,
    page: str,
    context: dict[str, Any],
    done: str,
    to: Callable[[Any], str],
) -> HttpResponse:
    """Call the service if the form is sent and well formed, then go on to `to(result)`; otherwise,
    or if it refuses, show the page with all that was typed (422).
    """
    if form.is_bound and form.is_valid():
        try:
            result = serve()
        except Refused as refused:
            where = FIELD_OF.get(refused.refusal.code)  # type: ignore[call-overload]
            form.add_error(where if where in form.fields else None, str(refused.refusal))
        else:
            messages.success(request, done)
            return redirect(to(result))
    status = 422 if form.is_bound else 200
    return render(request, page, {**context, "form": form}, status=status)


def act(request: HttpRequest, serve: Callable[[], Any], *, done: str, to: str) -> HttpResponse:
    """Call the service of a button, say how it went on the page `to`."""
    try:
        serve()
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        messages.success(request, done)
    return redirect(to)
