import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    QueryDict,
    RawPostDataException,
)
from django.shortcuts import redirect, render

from hackathon.base.core import logs
from hackathon.base.core.errors import RefusalCode, Refused

if TYPE_CHECKING:
    from hackathon.base.accounts.models import User
    from hackathon.event.editions.models import Edition


class Request(HttpRequest):
    """The request of a signed-in user. `edition` is the one that the site shows."""

    user: "User"
    edition: "Edition | None"


def edition_of(request: HttpRequest) -> "Edition | None":
    return getattr(request, "edition", None)


def current_edition(request: HttpRequest) -> "Edition":
    edition = edition_of(request)
    if edition is None:
        raise Http404
    return edition


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def posted_with_files(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def json_body(request: HttpRequest) -> dict[str, Any] | None:
    """None if it is not an object in JSON."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, RawPostDataException):
        return None  # the last: a form, from which the CSRF token has been read
    return body if isinstance(body, dict) else None


def kept_changes(
    request: HttpRequest, *, allow: Callable[[], object], most: int
) -> list[Any] | JsonResponse:
    """What a device has kept until now (`js/change-queue.js`), or why nothing of it is taken.

    `allow` raises `NotFound` for those who may not send any. `for` is the user who made the
    changes: another user may be signed in by now.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"code": "signed_out"}, status=401)
    allow()
    body = json_body(request)
    changes = body.get("changes") if body else None
    if body is None or not isinstance(changes, list):
        return JsonResponse({"code": "unreadable"}, status=400)
    if body.get("for") != request.user.pk:
        return JsonResponse({"code": "somebody_else"}, status=409)
    return changes[:most]


@dataclass(frozen=True)
class Accepted[T]:
    """True in a condition, also if the service returned nothing."""

    result: T


def accepted[T](
    form: BaseForm,
    call: Callable[[], T],
    *,
    fields: Mapping[RefusalCode, str] | None = None,
) -> Accepted[T] | None:
    """The result of the service, or None if the form is not bound, not valid or refused.

    A refusal becomes an error of the form, on the field that `fields`, or `REFUSAL_FIELDS` of the
    form, names for its code.
    """
    if not form.is_bound:
        return None
    if not form.is_valid():
        logs.bind(code=_codes(form))
        return None
    try:
        return Accepted(call())
    except Refused as refused:
        logs.bind(code=refused.refusal.code.value)
        named = fields or getattr(form, "REFUSAL_FIELDS", {})
        field = named.get(refused.refusal.code)
        form.add_error(field if field in form.fields else None, str(refused.refusal))
        return None


def _codes(form: BaseForm) -> str:
    """« file:required »: which fields are wrong and how, never what was typed."""
    fields = form.errors.as_data().items()
    return " ".join(f"{name}:{error.code}" for name, errors in fields for error in errors)


def form_page(request: HttpRequest, template: str, form: BaseForm, **context: Any) -> HttpResponse:
    """A bound form was not accepted: status 422."""
    status = 422 if form.is_bound else 200
    return render(request, template, {**context, "form": form}, status=status)


def refusal_of(call: Callable[[], Any]) -> str:
    """Calls the service. Empty if it accepts."""
    try:
        call()
    except Refused as refused:
        logs.bind(code=refused.refusal.code.value)
        return str(refused.refusal)
    return ""


def perform(request: HttpRequest, call: Callable[[], Any], *, done: str, to: str) -> HttpResponse:
    """For the service of a button. Without `done` only a refusal has a message."""
    refusal = refusal_of(call)
    if is_htmx(request):
        context = {"message": refusal or done, "refused": bool(refusal)}
        return render(request, "components/dialog_done.html", context)
    if refusal:
        messages.error(request, refusal)
    elif done:
        messages.success(request, done)
    return redirect(to)


def dialog(
    request: HttpRequest, title: str, fields: str, form: BaseForm | None, **context: Any
) -> HttpResponse:
    """`fields` is the template of its fields."""
    htmx = is_htmx(request)
    context |= {"title": title, "part": fields, "form": form}
    template = "components/dialog.html" if htmx else "components/dialog_page.html"
    refused = form is not None and form.is_bound
    # htmx swaps only responses with status 200.
    return render(request, template, context, status=422 if refused and not htmx else 200)


def dialog_done(request: HttpRequest, message: str, *, to: str, undo: str = "") -> HttpResponse:
    """`undo`: the address of the act that takes it back."""
    if is_htmx(request):
        context = {"message": message, "undo": undo}
        return render(request, "components/dialog_done.html", context)
    messages.success(request, message)
    return redirect(to)
