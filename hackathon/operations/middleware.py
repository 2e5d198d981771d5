from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from hackathon.operations import readiness

NO_STORE = {"Cache-Control": "no-store"}


class Health:
    """Before all others: `/healthz` needs no database, no session and no allowed host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"alive": True}, headers=NO_STORE)
        if request.path == "/readyz":
            found = readiness.report()
            return JsonResponse(found, status=200 if found["ready"] else 503, headers=NO_STORE)
        return self.get_response(request)
