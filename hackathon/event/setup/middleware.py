from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hackathon.base.core.views import edition_of
from hackathon.event.setup import selectors

ALSO_SERVED = ("/langue/", "/api/")


class FirstRun:
    """Until somebody organizes this installation, every page is the one that sets it up."""

    is_installed = False  # once it is, it stays so: the database is not asked any more

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_installed:
            self.is_installed = edition_of(request) is not None or selectors.is_installed()
        page = reverse("setup:installation")
        if self.is_installed or request.path_info.startswith((page, *ALSO_SERVED)):
            return self.get_response(request)
        return redirect(page)
