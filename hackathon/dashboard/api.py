"""Announcements, questions, and the live messages for pages whose sockets are blocked."""

from typing import Any, cast

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hackathon.accounts.models import User
from hackathon.core import clock, live
from hackathon.dashboard import questions, selectors
from hackathon.dashboard.serializers import (
    AfterSerializer,
    AnnouncementSerializer,
    QuestionSerializer,
)
from hackathon.editions.models import Edition
from hackathon.editions.selectors import organized_edition, questions_of_team
from hackathon.editions.services.announcements import announce
from hackathon.editions.services.questions import ask


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
            audiences = selectors.audiences_for(request.user, _edition(request))
            missed = live.missed(audiences, after=asked.validated_data["after"])
            answer["messages"] = [live.as_dict(message) for message in missed.messages]
            answer["complete"] = missed.complete
        # A page whose session is over hears what is public, and has to know.
        answer["signed_in"] = request.user.is_authenticated
        answer["now"] = int(clock.now().timestamp() * 1000)
        return Response(answer, headers={"Cache-Control": "no-store"})


class Announcements(APIView):
    """`/api/v1/announcements/`: everybody reads what is for them, organizers announce."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(operation_id="announcements", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """The caller's announcements, newest first."""
        edition = _edition(request)
        roles = selectors.roles_of(request.user, edition)
        found = selectors.announcements_to(roles, edition, at=clock.now())
        return Response([line.as_dict() for line in found])

    @extend_schema(
        operation_id="announce",
        request=AnnouncementSerializer,
        responses={201: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request) -> Response:
        """Announce to `everyone`, `department:CODE` or `team:ID`, in Markdown: at once, or at
        `publish_at`; `pinned` keeps it on top, `mail` sends a copy.
        """
        edition = organized_edition(request.user, _edition(request))
        asked = AnnouncementSerializer(data=request.data, context={"edition": edition})
        asked.is_valid(raise_exception=True)
        audience, label = asked.validated_data["audience"]
        announcement = announce(
            edition=edition,
            audience=audience,
            audience_label=label,
            body=asked.validated_data["body"],
            pinned=asked.validated_data["pinned"],
            by_mail=asked.validated_data["mail"],
            publish_at=asked.validated_data["publish_at"],
            by=cast(User, request.user),
            at=clock.now(),
        )
        line = selectors.announcement_line(announcement, edition)
        return Response(line.as_dict(), status=status.HTTP_201_CREATED)


class Questions(APIView):
    """`/api/v1/questions/`: a team's own and what was published; for who answers, the queue."""

    @extend_schema(operation_id="questions", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """`questions`: those of the caller's team, or those that the caller may answer, of which
        only organizers read who asked. `published`: what everybody concerned may read.
        """
        edition, at = _edition(request), clock.now()
        if edition is None:
            raise Http404
        roles = selectors.roles_of(request.user, edition)
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
        roles = selectors.roles_of(request.user, _edition(request))
        asker = questions.asker_of(roles)
        if asker is None:
            raise Http404
        asked = QuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        question = ask(
            asker=asker, by=cast(User, request.user), at=clock.now(), **asked.validated_data
        )
        return Response(questions.own_as_dict(question), status=status.HTTP_201_CREATED)


def _edition(request: Request) -> Edition | None:
    """The edition that the site shows."""
    return getattr(request, "edition", None)
