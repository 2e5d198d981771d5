"""Announcements, questions, and the live messages for pages whose sockets are blocked."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hackathon import roles as hackathon_roles
from hackathon.core import clock, live
from hackathon.core.views import edition_of
from hackathon.site.serializers import AfterSerializer


class Live(APIView):
    """`GET /api/v1/live/?after=N`: what the socket would have said since message N."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="live", parameters=[AfterSerializer], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """`now` is in epoch milliseconds; `last` is what to ask after next time. Without `after`
        no messages. Messages of the last seconds come again: drop the ids you know. Where
        `complete` is false more was said than this: what is shown is to be fetched again.
        """
        asked = AfterSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        answer: dict[str, Any] = {"last": live.last_id(), "messages": [], "complete": True}
        if "after" in asked.validated_data:
            audiences = hackathon_roles.audiences_for(request.user, edition_of(request))
            missed = live.missed(audiences, after=asked.validated_data["after"])
            answer["messages"] = [live.as_dict(message) for message in missed.messages]
            answer["complete"] = missed.complete
        # A page whose session is over hears what is public, and has to know.
        answer["signed_in"] = request.user.is_authenticated
        answer["now"] = int(clock.now().timestamp() * 1000)
        return Response(answer, headers={"Cache-Control": "no-store"})
