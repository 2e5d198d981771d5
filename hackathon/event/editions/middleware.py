from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from hackathon.base.core import extras
from hackathon.base.live import fragments
from hackathon.event.editions.models import Edition


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
