from typing import cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.api import Endpoint
from hackathon.core.errors import NotFound
from hackathon.core.scopes import Scope
from hackathon.core.views import current_edition
from hackathon.questions import selectors
from hackathon.questions.serializers import (
    QuestionSerializer,
    own_as_dict,
    published_as_dict,
    queued_as_dict,
)
from hackathon.questions.services import questions
from hackathon.roles import roles_of


class Questions(Endpoint):
    """`/api/v1/questions/`: the questions of a team or, for those who answer, the queue."""

    scope = Scope.HAND_IN

    @extend_schema(operation_id="questions", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """`questions`: those of the caller's team, or those that the caller may answer, of which
        only organizers read who asked. `published`: what everybody concerned may read.
        """
        edition = current_edition(request)
        roles = roles_of(request.user, edition)
        if selectors.answerer_of(roles).answers_any:
            lines = selectors.queue(roles, edition)
            found = [queued_as_dict(line, organizer=roles.organizer) for line in lines]
        elif roles.membership is not None:
            own = selectors.questions_of_team(roles.membership.team_id)
            found = [own_as_dict(question) for question in own]
        else:
            found = []
        published = selectors.published_answers(roles, edition, at=clock.now())
        return Response(
            {"questions": found, "published": [published_as_dict(answer) for answer in published]},
            headers={"Cache-Control": "no-store"},
        )

    @extend_schema(
        operation_id="ask", request=QuestionSerializer, responses={201: OpenApiTypes.OBJECT}
    )
    def post(self, request: Request) -> Response:
        """Ask the organizers or the client, for one's own team."""
        asker = selectors.asker_of(roles_of(request.user, current_edition(request)))
        if asker is None:
            raise NotFound
        serializer = QuestionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        question = questions.ask(
            asker=asker, by=cast(User, request.user), at=clock.now(), **serializer.validated_data
        )
        return Response(own_as_dict(question), status=status.HTTP_201_CREATED)
