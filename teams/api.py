from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.api import Endpoint
from hackathon.core.scopes import Scope
from hackathon.core.views import edition_of
from teams.enums import HelpState
from teams.models import HelpRequest
from teams.selectors import calls as selectors
from teams.selectors.calls import TeamCall
from teams.selectors.teams import get_membership_of, membership_of
from teams.serializers import (
    HelpRequestSerializer,
    HelpStepSerializer,
    NewHelpRequestSerializer,
    call_body,
)
from teams.services import calls

STEPS: dict[str, Callable[..., HelpRequest]] = {
    HelpState.WAITING: calls.release,
    HelpState.CLAIMED: calls.claim,
    HelpState.COMING: calls.start,
    HelpState.DONE: calls.finish,
    HelpState.WITHDRAWN: calls.withdraw,
}


class HelpRequests(Endpoint):
    scope = Scope.HAND_IN

    @extend_schema(operation_id="help_requests", responses=HelpRequestSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All calls of a member's team, newest first; a helper's open calls, oldest first."""
        edition = edition_of(request._request)
        membership = membership_of(request.user, edition)
        if membership is not None:
            made = selectors.calls_of(membership.team)
            return _many([selectors.team_call(call) for call in made])
        helper = selectors.helper_of(request.user, edition)
        return _many(selectors.with_places(selectors.open_calls(helper)) if helper else [])

    @extend_schema(
        operation_id="help_request_create",
        request=NewHelpRequestSerializer,
        responses={201: HelpRequestSerializer},
    )
    def post(self, request: Request) -> Response:
        """Call a helper to the user's own team, or to `place` if it is not in its room."""
        membership = get_membership_of(request.user, edition_of(request._request))
        serializer = NewHelpRequestSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        call = calls.request(
            team=membership.team,
            **serializer.validated_data,
            by=cast(User, request.user),
            at=clock.now(),
        )
        return _one(call, status=201)


class HelpRequestDetail(Endpoint):
    """One call, for its team and for its helpers."""

    scope = Scope.HAND_IN

    @extend_schema(operation_id="help_request", responses=HelpRequestSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return _one(selectors.get_readable_call_for(request.user, pk))

    @extend_schema(
        operation_id="help_request_step",
        request=HelpStepSerializer,
        responses=HelpRequestSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Claim, start, finish, release; the team withdraws."""
        call = selectors.get_readable_call_for(request.user, pk)
        serializer = HelpStepSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        step = STEPS[serializer.validated_data["state"]]
        return _one(step(call=call, by=cast(User, request.user), at=clock.now()))


def _many(found: Iterable[TeamCall]) -> Response:
    return _response(HelpRequestSerializer([call_body(call) for call in found], many=True), 200)


def _one(call: HelpRequest, *, status: int = 200) -> Response:
    return _response(HelpRequestSerializer(call_body(selectors.team_call(call))), status)


def _response(serializer: Any, status: int) -> Response:
    """Instants in UTC, although the middleware activates the edition's zone. Never cached."""
    with timezone.override(UTC):
        data = serializer.data
    return Response(data, status=status, headers={"Cache-Control": "no-store"})
