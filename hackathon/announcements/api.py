"""Announcements, questions, and the live messages for pages whose sockets are blocked."""

from typing import cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hackathon import roles as hackathon_roles
from hackathon.accounts.models import User
from hackathon.announcements import selectors as announcements_selectors
from hackathon.announcements.serializers import AnnouncementSerializer
from hackathon.announcements.services import announce
from hackathon.core import clock
from hackathon.core.views import edition_of
from hackathon.editions.selectors import organized_edition


class Announcements(APIView):
    """`/api/v1/announcements/`: everybody reads what is for them, organizers announce."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(operation_id="announcements", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """The caller's announcements, newest first."""
        edition = edition_of(request)
        roles = hackathon_roles.roles_of(request.user, edition)
        found = announcements_selectors.announcements_to(roles, edition, at=clock.now())
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
        edition = organized_edition(request.user, edition_of(request))
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
        line = announcements_selectors.announcement_line(announcement, edition)
        return Response(line.as_dict(), status=status.HTTP_201_CREATED)
