"""Calls for help, for other programs. Times are ISO 8601 in UTC."""

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hackathon.core import clock
from hackathon.editions.models import Edition
from teams.enums import HelpState
from teams.models import HelpRequest
from teams.selectors import calls as selectors_calls
from teams.selectors import teams
from teams.selectors.calls import TeamCall
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


class HelpRequests(APIView):
    """The calls of one's own team, or those that one answers."""

    @extend_schema(operation_id="help_requests", responses=HelpRequestSerializer(many=True))
    def get(self, request: Request) -> Response:
        """A member's: all of the team, newest first. A helper's: those still open, oldest first."""
        edition = _edition(request)
        place = teams.membership_of(request.user, edition)
        if place is not None:
            return _answer(
                [selectors_calls.team_call(c) for c in selectors_calls.calls_of(place.team)]
            )
        desk = selectors_calls.desk_of(request.user, edition)
        return _answer(selectors_calls.placed(selectors_calls.open_calls(desk)) if desk else [])

    @extend_schema(
        operation_id="help_request_create",
        request=NewHelpRequestSerializer,
        responses={201: HelpRequestSerializer},
    )
    def post(self, request: Request) -> Response:
        """Call somebody to one's own team; `place` where it is not in its room."""
        membership = teams.membership_of(request.user, _edition(request))
        if membership is None:
            raise Http404
        serializer = NewHelpRequestSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        call = calls.request(
            team=membership.team,
            **serializer.validated_data,
            by=_person(request),
            at=clock.now(),
        )
        return _one(selectors_calls.team_call(call), status=201)


class HelpRequestDetail(APIView):
    """One call."""

    @extend_schema(operation_id="help_request", responses=HelpRequestSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """For the team that made it and for who answers it."""
        return _one(
            selectors_calls.team_call(selectors_calls.get_readable_call_for(request.user, pk))
        )

    @extend_schema(
        operation_id="help_request_step",
        request=HelpStepSerializer,
        responses=HelpRequestSerializer,
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Take it, go, be done, give it back; its team withdraws it."""
        call = selectors_calls.get_readable_call_for(request.user, pk)
        serializer = HelpStepSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        step = STEPS[serializer.validated_data["state"]]
        call = step(call=call, by=_person(request), at=clock.now())
        return _one(selectors_calls.team_call(call))


def _edition(request: Request) -> Edition | None:
    return request._request.edition  # type: ignore[attr-defined]


def _person(request: Request) -> Any:
    """Who acts: whoever is not signed in was turned away before."""
    return request.user


def _answer(found: Iterable[TeamCall]) -> Response:
    return _response(HelpRequestSerializer([call_body(call) for call in found], many=True), 200)


def _one(found: TeamCall, *, status: int = 200) -> Response:
    return _response(HelpRequestSerializer(call_body(found)), status)


def _response(serializer: Any, status: int) -> Response:
    """Instants in UTC, whatever zone the page's middleware speaks; never cached."""
    with timezone.override(UTC):
        data = serializer.data
    return Response(data, status=status, headers={"Cache-Control": "no-store"})
