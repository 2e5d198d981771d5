"""`GET /api/v1/results/`: the prizes, for other programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hackathon.core import clock
from judging.ceremony.selectors import results as selectors
from judging.ceremony.serializers import ResultsSerializer


class Results(APIView):
    """Before publication the same empty answer for everybody, whatever has been decided."""

    permission_classes = [AllowAny]

    @extend_schema(responses=ResultsSerializer)
    def get(self, request: Request) -> Response:
        """Winners and nominees by department. Equal ranks are ex aequo."""
        edition = getattr(request._request, "edition", None)
        found = selectors.palmares(edition, at=clock.now())
        body: dict[str, Any] = {"published": found is not None, "departments": found or []}
        headers = {"Cache-Control": "no-store"}
        return Response(ResultsSerializer(body).data, headers=headers)
