from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hackathon.base.core import extras
from hackathon.base.core.problems import PREFIX
from hackathon.base.live import fragments
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import reads_only

SAFE = ("GET", "HEAD")


class Reader:
    """Who sees everything and changes nothing is not sent to « not found » by a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_refused = response.status_code == 404 and request.method not in SAFE
        exists = request.resolver_match is not None and not request.path.startswith(PREFIX)
        if not is_refused or not exists or not reads_only(request.user):
            return response
        request.counted_roles = frozenset([ColleagueRole.READER])  # type: ignore[attr-defined]
        vars(request).pop("roles", None)
        return render(request, "403_reader.html", status=403)


class CurrentEdition:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        edition = Edition.objects.current()
        request.edition = edition  # type: ignore[attr-defined]
        if edition is None:
            return self.get_response(request)
        live = getattr(request, "live", None)
        fragments.set_versions(edition, live and live.version)
        with timezone.override(edition.zone):
            return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        _args: Any,
        kwargs: Mapping[str, Any],
    ) -> None:
        """The pages of an extra are not found while the edition that they are about has it off;
        those over all editions, and below their addresses, while all have.
        """
        counted = set()
        is_file = hasattr(view, "not_for_readers") or "export" in request.GET
        if request.method in SAFE and not is_file:
            counted.add(ColleagueRole.READER)
        if hasattr(view, "for_desk"):
            counted.add(ColleagueRole.DESK)
        request.counted_roles = frozenset(counted)  # type: ignore[attr-defined]
        name = extras.extra_of(view.__module__)
        if not name:
            return
        about = [request.edition]  # type: ignore[attr-defined]
        overviews = tuple(reverse(page.url_name) for page in extras.registry[name].overviews)
        if "slug" in kwargs:
            about = list(Edition.objects.filter(slug=kwargs["slug"]))
        elif request.path.startswith(overviews):
            about = list(Edition.objects.all())
        if not any(extras.is_on(name, edition) for edition in about):
            raise Http404
