"""The edition, for other programs."""

from typing import Any, cast

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.editions import live, selectors
from hackathon.editions.serializers import EditionStateSerializer, MoveSerializer
from hackathon.editions.services import schedule


class EditionView(APIView):
    """The edition that the site shows: public to read, for its organizers to move."""

    def get_permissions(self) -> list[BasePermission]:
        """Reading asks nothing; outsiders who would write are told that nothing is there."""
        return [AllowAny() if self.request.method in SAFE_METHODS else IsAuthenticated()]

    @extend_schema(operation_id="edition", responses=EditionStateSerializer)
    def get(self, request: Request) -> Response:
        """Names, instants, phase and the server's time. Never cached."""
        edition = _current(request)
        if edition is None:
            raise Http404
        return _state(live.public_state(edition, clock.now()))

    @extend_schema(
        operation_id="edition_move", request=MoveSerializer, responses=EditionStateSerializer
    )
    def patch(self, request: Request) -> Response:
        """Move instants; every open page follows. Answers with the state as it is now."""
        edition = selectors.organized_edition(request.user, _current(request))
        serializer = MoveSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        now, by = clock.now(), cast(User, request.user)
        moved = schedule.move(edition=edition, instants=serializer.validated_data, by=by, at=now)
        return _state(live.public_state(moved, now))


def _current(request: Request) -> Any:
    return request._request.edition  # type: ignore[attr-defined]


def _state(body: dict[str, Any]) -> Response:
    return Response(body, headers={"Cache-Control": "no-store"})
