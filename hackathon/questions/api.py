"""Announcements, questions, and the live messages for pages whose sockets are blocked."""

from typing import cast

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hackathon import roles as hackathon_roles
from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.views import edition_of
from hackathon.questions import selectors as questions
from hackathon.questions.selectors import questions_of_team
from hackathon.questions.serializers import QuestionSerializer
from hackathon.questions.services.questions import ask


class Questions(APIView):
    """`/api/v1/questions/`: a team's own and what was published; for who answers, the queue."""

    @extend_schema(operation_id="questions", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """`questions`: those of the caller's team, or those that the caller may answer, of which
        only organizers read who asked. `published`: what everybody concerned may read.
        """
        edition, at = edition_of(request), clock.now()
        if edition is None:
            raise Http404
        roles = hackathon_roles.roles_of(request.user, edition)
        if questions.may_answer(roles):
            lines = questions.queue_lines(roles, edition)
            found = [questions.queued_as_dict(ln, organizer=roles.organizer) for ln in lines]
        else:
            own = roles.membership and questions_of_team(roles.membership.team_id)
            found = [questions.own_as_dict(question) for question in own or []]
        published = questions.published_for(roles, edition, at=at)
        return Response(
            {"questions": found, "published": [line.as_dict() for line in published]},
            headers={"Cache-Control": "no-store"},
        )

    @extend_schema(
        operation_id="ask", request=QuestionSerializer, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request) -> Response:
        """Ask the organizers or the client, for one's own team."""
        roles = hackathon_roles.roles_of(request.user, edition_of(request))
        asker = questions.asker_of(roles)
        if asker is None:
            raise Http404
        asked = QuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        question = ask(
            asker=asker, by=cast(User, request.user), at=clock.now(), **asked.validated_data
        )
        return Response(questions.own_as_dict(question), status=status.HTTP_201_CREATED)
