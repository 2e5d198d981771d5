"""The pages of the gallery, each at three addresses: for participants, for guests, public."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import edition_of
from hackathon.event.roles import roles_of_request
from hackathon.extras.gallery import files, selectors
from hackathon.extras.gallery.enums import Way
from hackathon.extras.gallery.forms import FilterForm
from hackathon.extras.gallery.selectors import Visit

type View = Callable[..., HttpResponseBase]


def participant(view: View) -> View:
    @login_required
    @require_safe
    @wraps(view)
    def wrapped(request: Any, **kwargs: Any) -> HttpResponseBase:
        roles = roles_of_request(request)
        visit = selectors.visit_of(request.user, roles, edition_of(request), at=clock.now())
        return _in_zone(view, request, visit, kwargs)

    return wrapped


def guest(view: View) -> View:
    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponseBase:
        return _in_zone(view, request, selectors.visit_by_key(key, at=clock.now()), kwargs)

    return wrapped


def public(view: View) -> View:
    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        return _in_zone(view, request, selectors.visit_of_public(slug, at=clock.now()), kwargs)

    return wrapped


def _in_zone(
    view: View, request: HttpRequest, visit: Visit, kwargs: dict[str, Any]
) -> HttpResponseBase:
    with timezone.override(visit.edition.zone):
        return view(request, visit, **kwargs)


@never_cache
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = FilterForm(request.GET, edition=visit.edition)
    wanted = form.cleaned_data if form.is_valid() else {}
    works = selectors.works_of(
        visit, query=wanted.get("q", ""), department=wanted.get("department", "")
    )
    return _page(request, visit, "index", {"works": works, "filter": form})


@never_cache
def work(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    return _page(request, visit, "work", {"work": selectors.get_work(visit, pk)})


def content(request: HttpRequest, visit: Visit, pk: int) -> HttpResponseBase:
    return files.content(selectors.get_item(visit, pk), request, inline=True)


def thumbnail(request: HttpRequest, visit: Visit, pk: int) -> HttpResponseBase:
    return files.thumbnail(selectors.get_item(visit, pk), request)


def copy(request: HttpRequest, visit: Visit, pk: int) -> HttpResponseBase:
    return files.copy(selectors.get_item(visit, pk), request)


def _page(request: HttpRequest, visit: Visit, name: str, context: dict[str, Any]) -> HttpResponse:
    is_public = visit.way == Way.PUBLIC
    context |= {"visit": visit, "published": visit.edition, "tab": "gallery:public-index"}
    template = f"gallery/{'public_' if is_public else ''}{name}.html"
    return render(request, template, context)
