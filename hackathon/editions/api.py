from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.api import Endpoint
from hackathon.core.scopes import Scope
from hackathon.core.views import current_edition, edition_of
from hackathon.editions import live, selectors
from hackathon.editions.serializers import EditionStateSerializer, MoveSerializer
from hackathon.editions.services import schedule


class EditionView(Endpoint):
    """The edition that the site shows: public to read, for its organizers to move."""

    scope = Scope.ORGANIZE

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny() if self.request.method in SAFE_METHODS else IsAuthenticated()]

    @extend_schema(operation_id="edition", responses=EditionStateSerializer)
    def get(self, request: Request) -> Response:
        """Names, instants, phase and the server's time. Never cached."""
        return _state(live.public_state(current_edition(request._request), clock.now()))

    @extend_schema(
        operation_id="edition_move", request=MoveSerializer, responses=EditionStateSerializer
    )
    def patch(self, request: Request) -> Response:
        """Move instants; every open page follows. Answers with the state as it is now."""
        edition = selectors.organized_edition(request.user, edition_of(request._request))
        serializer = MoveSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        now, by = clock.now(), cast(User, request.user)
        moved = schedule.move(edition=edition, instants=serializer.validated_data, by=by, at=now)
        return _state(live.public_state(moved, now))


def _state(body: dict[str, Any]) -> Response:
    return Response(body, headers={"Cache-Control": "no-store"})
