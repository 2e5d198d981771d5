from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hackathon.editions.models import Edition
from hackathon.live import fragments


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
