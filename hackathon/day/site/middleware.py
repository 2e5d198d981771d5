from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hackathon.base.core.views import is_htmx
from hackathon.base.live.message_counts import message_counts


class LiveMark:
    """Runs before the edition and what the view shows are read: a change in between would not reach
    the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_dialog = is_htmx(request) and request.method != "GET"
        if not is_dialog and not request.path_info.startswith(("/api/v1/", "/admin/")):
            request.live = message_counts.read()  # type: ignore[attr-defined]
        return self.get_response(request)
