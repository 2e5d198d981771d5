from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.core import clock
from hackathon.core.api import Endpoint
from hackathon.core.views import edition_of
from judging.ceremony.selectors.results import published_results
from judging.ceremony.serializers import ResultsSerializer


class Results(Endpoint):
    """Before the publication the answer is empty, whatever the juries have decided."""

    permission_classes = [AllowAny]

    @extend_schema(responses=ResultsSerializer)
    def get(self, request: Request) -> Response:
        """Winners and nominees by department. Equal ranks are ex aequo."""
        found = published_results(edition_of(request._request), at=clock.now())
        body: dict[str, Any] = {"published": found is not None, "departments": found or []}
        headers = {"Cache-Control": "no-store"}
        return Response(ResultsSerializer(body).data, headers=headers)
