"""Deposits, extensions and seals for other programs. Instants are ISO 8601 in UTC."""

from datetime import UTC
from typing import Any, cast

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.core.api import Endpoint
from hackathon.core.errors import NotFound
from hackathon.core.received_files import ReceivedFile
from hackathon.core.scopes import Scope
from hackathon.core.views import edition_of
from hackathon.editions.selectors import organized_edition
from submissions.deliverables import selectors as deliverables
from submissions.deposits import services as deposits
from submissions.deposits.selectors import (
    deposits_of,
    extensions_of,
    get_submission_for,
    version_of,
)
from submissions.extensions import services as extensions
from submissions.files import content_response
from submissions.seals import selectors as seals
from submissions.serializers import (
    DeliverableSerializer,
    ExtensionSerializer,
    NewExtensionSerializer,
    NewSubmissionSerializer,
    SealSerializer,
    SubmissionSerializer,
    deliverable_body,
    extension_body,
    seal_body,
    submission_body,
)
from teams.models import Team
from teams.selectors.teams import get_organized_team, membership_of


class Deliverables(Endpoint):
    @extend_schema(operation_id="deliverables", responses=DeliverableSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Those of the caller's team, with their versions, newest first. Empty without a team."""
        membership = membership_of(request.user, edition_of(request))
        if membership is None:
            return Response([])
        found = deposits_of(membership.team, at=clock.now())
        bodies = [deliverable_body(found, status) for status in found.statuses]
        return _answer(DeliverableSerializer(bodies, many=True))


class Submissions(Endpoint):
    scope = Scope.HAND_IN

    @extend_schema(
        operation_id="submission_create",
        request=NewSubmissionSerializer,
        responses={201: SubmissionSerializer},
    )
    def post(self, request: Request) -> Response:
        """A new version of a deliverable: `file` (multipart), `url` or `text`.

        A file is begun when the request arrived, and received when its last byte is stored. With
        `team` and `reason`, an organizer enters it for that team.
        """
        begun_at = clock.arrived_at(request._request)
        serializer = NewSubmissionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        team = _team(request, data.get("team"))
        file = serializer.content.get("file")
        submission = deposits.deposit(
            deliverables.get_deliverable_of(team, data["deliverable"]),
            team,
            **serializer.content,
            begun_at=begun_at,
            by=cast(User, request.user),
            at=file.received_at if isinstance(file, ReceivedFile) else clock.now(),
            reason=data.get("reason", "") if "team" in data else None,
        )
        body = submission_body(version_of(submission))
        return _answer(SubmissionSerializer(body), status=201)


class SubmissionContent(Endpoint):
    @extend_schema(
        operation_id="submission_content",
        responses={
            (200, "*/*"): OpenApiTypes.BINARY,
            (206, "*/*"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="Not modified."),
            416: OpenApiResponse(description="No such range."),
        },
    )
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The bytes that were received, for the team and the organizers. Supports ranges."""
        submission = get_submission_for(request.user, pk)
        return content_response(submission, request._request, inline=False)


class Extensions(Endpoint):
    scope = Scope.ORGANIZE

    @extend_schema(operation_id="extensions", responses=ExtensionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """For organizers: newest first, revoked ones included."""
        edition = organized_edition(request.user, edition_of(request))
        bodies = [extension_body(e) for e in extensions_of(edition)]
        return _answer(ExtensionSerializer(bodies, many=True))

    @extend_schema(
        operation_id="extension_grant",
        request=NewExtensionSerializer,
        responses={201: ExtensionSerializer},
    )
    def post(self, request: Request) -> Response:
        """For organizers: move the deadline of one `team` or one `department`."""
        edition = organized_edition(request.user, edition_of(request))
        serializer = NewExtensionSerializer(data=request.data, context={"edition": edition})
        serializer.is_valid(raise_exception=True)
        extension = extensions.grant(
            edition, **serializer.validated_data, by=cast(User, request.user), at=clock.now()
        )
        return _answer(ExtensionSerializer(extension_body(extension)), status=201)


class Seals(Endpoint):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="seals", responses=SealSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The seals over all departments, newest first. Their digests and counts are public."""
        edition = edition_of(request)
        found = seals.seal_sets(edition) if edition is not None else []
        return _answer(SealSerializer([seal_body(seal_set) for seal_set in found], many=True))


class SealManifest(Endpoint):
    permission_classes = [AllowAny]

    @extend_schema(operation_id="seal_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int) -> Response:
        """The manifest of a department is for organizers, the one over all is public.

        The digest of the seal is the SHA-256 of its JSON in UTF-8, with sorted keys and without
        spaces.
        """
        found = seals.get_seal_for(request.user, pk)
        return Response(found.manifest, headers={"Cache-Control": "no-store"})


def _team(request: Request, pk: int | None) -> Team:
    """The team `pk`, for its organizers, else the caller's own team. Raises `NotFound`."""
    if pk is not None:
        return get_organized_team(request.user, pk)
    if (membership := membership_of(request.user, edition_of(request))) is None:
        raise NotFound
    return membership.team


def _answer(serializer: Any, status: int = 200) -> Response:
    # The middleware has activated the zone of the edition, for pages.
    with timezone.override(UTC):
        data = serializer.data
    return Response(data, status=status, headers={"Cache-Control": "no-store"})
