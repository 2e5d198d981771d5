"""What must be known before a page reads anything."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from hackathon.core import live


class LiveMark:
    """Notes the newest live message before the view reads its data (`request.live_after`).

    Read any later, a change committed between the two would be neither on the page nor sent to it.
    Only whole pages carry the mark: the API and htmx fragments are spared the query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the mark where a page may come of the request."""
        is_fragment = request.headers.get("HX-Request") == "true"
        if not is_fragment and not request.path_info.startswith(("/api/", "/admin/")):
            request.live_after = live.last_id()  # type: ignore[attr-defined]
        return self.get_response(request)
