from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.accounts.models import User
from hackathon.announcements import audiences, selectors
from hackathon.announcements.serializers import (
    AnnouncementSerializer,
    PublishedAnnouncementSerializer,
    announcement_as_dict,
)
from hackathon.announcements.services import announcements
from hackathon.core import clock
from hackathon.core.api import Endpoint
from hackathon.core.scopes import Scope
from hackathon.core.views import edition_of
from hackathon.editions.selectors import organized_edition
from hackathon.roles import roles_of


class Announcements(Endpoint):
    """`/api/v1/announcements/`: everybody reads those addressed to them, organizers announce."""

    scope = Scope.ANNOUNCE
    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(
        operation_id="announcements", responses=PublishedAnnouncementSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        edition = edition_of(request)
        if edition is None:
            return Response([])
        roles = roles_of(request.user, edition)
        codes = audiences.department_codes(edition)
        found = selectors.announcements_for(roles, edition, at=clock.now())
        return Response([announcement_as_dict(announcement, codes) for announcement in found])

    @extend_schema(
        operation_id="announce",
        request=AnnouncementSerializer,
        responses={201: PublishedAnnouncementSerializer},
    )
    def post(self, request: Request) -> Response:
        """Markdown to `everyone`, `department:CODE` or `team:ID`; without `publish_at` at once."""
        edition = organized_edition(request.user, edition_of(request))
        serializer = AnnouncementSerializer(data=request.data, context={"edition": edition})
        serializer.is_valid(raise_exception=True)
        given = serializer.validated_data
        audience, label = given["audience"]
        announcement = announcements.announce(
            edition=edition,
            audience=audience,
            audience_label=label,
            body=given["body"],
            pinned=given["pinned"],
            by_mail=given["mail"],
            publish_at=given["publish_at"],
            by=cast(User, request.user),
            at=clock.now(),
        )
        content = announcement_as_dict(announcement, audiences.department_codes(edition))
        return Response(content, status=status.HTTP_201_CREATED)
