"""Handing in and giving more time, for other programs. Times are ISO 8601 in UTC."""

from datetime import UTC
from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hackathon.core import clock
from hackathon.core.received_files import ReceivedFile
from hackathon.editions.models import Edition
from hackathon.editions.selectors import organized_edition
from submissions.deliverables import selectors as deliverables_selectors
from submissions.deposits import periods
from submissions.deposits import selectors as deposits_selectors
from submissions.deposits import services as deposits
from submissions.extensions import services as extensions
from submissions.files import content_response
from submissions.seals import selectors as seals_selectors
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
from teams.selectors.teams import membership_of


class Deliverables(APIView):
    """What a student's own team is asked for."""

    @extend_schema(operation_id="deliverables", responses=DeliverableSerializer(many=True))
    def get(self, request: Request) -> Response:
        """In order, each with its versions, newest first; empty for whoever is in no team."""
        membership = membership_of(request.user, _edition(request))
        if membership is None:
            return Response([])
        found = deposits_selectors.deposits_of(membership.team, at=clock.now())
        bodies = [deliverable_body(found, status) for status in found.statuses]
        return _answer(DeliverableSerializer(bodies, many=True))


class Submissions(APIView):
    """Handing in."""

    @extend_schema(
        operation_id="submission_create",
        request=NewSubmissionSerializer,
        responses={201: SubmissionSerializer},
    )
    def post(self, request: Request) -> Response:
        """A new version of one of the student's deliverables: `file` (multipart), `url` or `text`.

        A file is received when its last byte is stored, begun when the request arrived. With a
        `team`, an organizer enters it for that team and says the `reason`.
        """
        begun_at = clock.arrived_at(request._request)
        serializer = NewSubmissionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        reason = asked.get("reason", "") if "team" in asked else None
        team = _team(request, asked.get("team"))
        file = serializer.content.get("file")
        submission = deposits.deposit(
            deliverables_selectors.get_deliverable_of(team, asked["deliverable"]),
            team,
            **serializer.content,
            begun_at=begun_at,
            by=_person(request),
            at=file.received_at if isinstance(file, ReceivedFile) else clock.now(),
            reason=reason,
        )
        body = submission_body(deposits_selectors.version_of(submission))
        return _answer(SubmissionSerializer(body), status=201)


class SubmissionContent(APIView):
    """The bytes of a version."""

    @extend_schema(operation_id="submission_content", responses=OpenApiTypes.BINARY)
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """Exactly what was received, for the team's members and the organizers; takes ranges."""
        submission = deposits_selectors.get_submission_for(request.user, pk)
        return content_response(submission, request._request, inline=False)


class Extensions(APIView):
    """Delays, for organizers."""

    @extend_schema(operation_id="extensions", responses=ExtensionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All of the edition, newest first, revoked ones included."""
        edition = organized_edition(request.user, _edition(request))
        bodies = [extension_body(e) for e in periods.extensions_of(edition)]
        return _answer(ExtensionSerializer(bodies, many=True))

    @extend_schema(
        operation_id="extension_grant",
        request=NewExtensionSerializer,
        responses={201: ExtensionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Move the deadline of one `team` or one `department`."""
        edition = organized_edition(request.user, _edition(request))
        serializer = NewExtensionSerializer(data=request.data, context={"edition": edition})
        serializer.is_valid(raise_exception=True)
        extension = extensions.grant(
            edition, **serializer.validated_data, by=_person(request), at=clock.now()
        )
        return _answer(ExtensionSerializer(extension_body(extension)), status=201)


class Seals(APIView):
    """What was sealed: digests and counts, which are public."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="seals", responses=SealSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The seals over all departments, the newest first."""
        edition = _edition(request)
        found = seals_selectors.seal_sets(edition) if edition is not None else []
        return _answer(SealSerializer([seal_body(seals) for seals in found], many=True))


class SealManifest(APIView):
    """What a seal is the digest of."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="seal_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int) -> Response:
        """Over all for everybody, of a department for organizers. The SHA-256 of it as JSON with
        its keys in order, without spaces, in UTF-8, is the digest.
        """
        found = seals_selectors.get_seal_for(request.user, pk)
        return Response(found.manifest, headers={"Cache-Control": "no-store"})


def _edition(request: Request) -> Edition | None:
    return request._request.edition  # type: ignore[attr-defined]


def _team(request: Request, pk: int | None) -> Team:
    """The team that is named, for its organizers; else one's own. Raises `Http404`."""
    if pk is not None:
        return deliverables_selectors.get_organized_team(request.user, pk)
    if (membership := membership_of(request.user, _edition(request))) is None:
        raise Http404
    return membership.team


def _person(request: Request) -> Any:
    """Who acts: whoever is not signed in was turned away before."""
    return request.user


def _answer(serializer: Any, status: int = 200) -> Response:
    """Instants in UTC, whatever zone the page's middleware speaks; never cached."""
    with timezone.override(UTC):
        data = serializer.data
    return Response(data, status=status, headers={"Cache-Control": "no-store"})
