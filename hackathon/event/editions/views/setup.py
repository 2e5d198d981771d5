from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.views import Request, accepted, form_page
from hackathon.event.editions import selectors
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Edition

# The form field of a refusal, if the form has it.
FIELD_OF: dict[RefusalCode, str] = {
    EditionRefusal.SLUG_TAKEN: "slug",
    EditionRefusal.SLUG_IS_PUBLIC: "slug",
    EditionRefusal.DAY_IS_PAST: "day",
    EditionRefusal.DEPARTMENT_CODE_TAKEN: "code",
    EditionRefusal.ATTACHMENT_TOO_LARGE: "attachments",
}


def for_organizers[Response: HttpResponseBase](
    view: Callable[..., Response],
) -> Callable[..., HttpResponseBase]:
    """Pass the edition to the view in place of its slug, with its time zone active.

    404 for people who do not organize it.
    """

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        edition = selectors.get_organized_edition(request.user, slug)
        with timezone.override(edition.zone):
            return view(request, edition, **kwargs)

    return wrapped


def for_desk[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Who keeps the desk uses this page as an organizer does."""
    view.for_desk = True  # type: ignore[attr-defined]
    return view


def not_for_readers[View: Callable[..., HttpResponseBase]](view: View) -> View:
    """Credentials, and files with everything: as the lists with `?export=`."""
    view.not_for_readers = True  # type: ignore[attr-defined]
    return view


def desk_or(request: Request, edition: Edition, url: str) -> str:
    """Who keeps the desk goes back there."""
    at_desk = request.user.granted_as == ColleagueRole.DESK
    return reverse("people:desk", args=[edition.slug]) if at_desk else url


def of_shown_edition(name: str) -> Callable[..., HttpResponse]:
    """A view for an address without an edition: leads to the page `name` of the one that is shown.

    Keeps method, body and query. 404 for people who do not organize that edition.
    """

    @login_required
    def view(request: Request) -> HttpResponse:
        edition = selectors.organized_edition(request.user, request.edition)
        url = reverse(name, args=[edition.slug], query=request.GET or None)
        return HttpResponseRedirect(url, preserve_request=True)

    return view


def answer(
    request: HttpRequest,
    form: BaseForm,
    call: Callable[[], Any],
    *,
    page: str,
    context: dict[str, Any],
    done: str,
    to: Callable[[Any], str],
) -> HttpResponse:
    if saved := accepted(form, call, fields=FIELD_OF):
        messages.success(request, done)
        return redirect(to(saved.result))
    return form_page(request, page, form, **context)
