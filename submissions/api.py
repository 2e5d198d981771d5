"""Deposits, extensions and seals for other programs."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.base.core import clock, logs
from hackathon.base.core.api import Endpoint, queried, reads, writes
from hackathon.base.core.errors import NotFound
from hackathon.base.core.received_files import ReceivedFile
from hackathon.base.core.scopes import Scope, check_scope
from hackathon.base.core.views import edition_of
from hackathon.event.editions.api import FILE
from hackathon.event.editions.endpoint import EditionEndpoint, organized
from hackathon.event.editions.models import Edition
from submissions import board
from submissions.deliverables import selectors as deliverables
from submissions.deposits import services as deposits
from submissions.extensions import selectors as extension_selectors
from submissions.extensions import services as extensions
from submissions.files import content_response
from submissions.models import Extension
from submissions.seals import selectors as seals
from submissions.serializers import (
    CONTENTS,
    DeliverableSerializer,
    ExtensionSerializer,
    NewExtensionSerializer,
    NewSubmissionSerializer,
    OfTeamSerializer,
    ProgressSerializer,
    SealSerializer,
    SubmissionSerializer,
    deliverable_body,
    extension_body,
    progress_body,
    seal_body,
    submission_body,
)
from submissions.versions.selectors import (
    deposits_of,
    extensions_of,
    get_submission_for,
    version_of,
)
from teams.models import Team
from teams.selectors.teams import get_organized_team, membership_of


class Deliverables(EditionEndpoint):
    @reads(
        DeliverableSerializer, many=True, operation_id="deliverables", parameters=[OfTeamSerializer]
    )
    def get(self, request: Request) -> Any:
        """Those of the caller's team, with their versions, newest first. Empty without a team."""
        if wanted := queried(OfTeamSerializer, request).get("team"):
            team = get_organized_team(request.user, wanted)
        elif (membership := membership_of(request.user, edition_of(request))) is not None:
            team = membership.team
        else:
            return []
        deposits = deposits_of(team, at=clock.now())
        return [deliverable_body(status) for status in deposits.statuses]


class Progress(EditionEndpoint):
    @reads(ProgressSerializer, many=True)
    def get(self, request: Request) -> Any:
        """How much each team has handed in, for organizers."""
        return [progress_body(team) for team in board.board(self.organized).teams]


def _own_team(endpoint: EditionEndpoint) -> Team | None:
    """None: an organizer without a team. Raises `NotFound` for everybody else without one."""
    edition = edition_of(endpoint.request)
    if (membership := membership_of(endpoint.user, edition)) is not None:
        return membership.team
    organized(endpoint)
    return None


class Submissions(EditionEndpoint):
    scope = Scope.HAND_IN
    organizers_too = True

    @writes(
        NewSubmissionSerializer,
        SubmissionSerializer,
        operation_id="submission_create",
        first=_own_team,
    )
    def post(self, request: Request, own: Team | None, body: dict[str, Any], at: Any) -> Any:
        """A new version of a deliverable: `file` (multipart), `url` or `text`.

        A file is begun when the request arrived, and received when its last byte is stored. With
        `team` and `reason`, an organizer enters it for that team.
        """
        file = body.get("file")
        if "team" in body:
            team: Team | None = get_organized_team(self.user, body["team"])
        else:
            check_scope(request.auth, Scope.HAND_IN)
            team = own
        if team is None:
            raise NotFound
        logs.bind(team=team.pk)
        submission = deposits.deposit(
            deliverables.get_deliverable_of(team, body["deliverable"]),
            team,
            **{name: body[name] for name in CONTENTS if name in body},
            begun_at=clock.arrived_at(request._request),
            by=self.user,
            at=file.received_at if isinstance(file, ReceivedFile) else at,
            reason=body.get("reason", "") if "team" in body else None,
        )
        return submission_body(version_of(submission))


class SubmissionDetail(Endpoint):
    @reads(SubmissionSerializer)
    def get(self, request: Request, pk: int) -> Any:
        """For the team and the organizers."""
        return submission_body(version_of(get_submission_for(request.user, pk)))


class SubmissionContent(Endpoint):
    @extend_schema(operation_id="submission_content", responses=FILE)
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        """The bytes that were received, for the team and the organizers. Supports ranges."""
        submission = get_submission_for(request.user, pk)
        return content_response(submission, request._request, inline=False)


class Extensions(EditionEndpoint):
    scope = Scope.ORGANIZE

    @reads(ExtensionSerializer, many=True, operation_id="extensions")
    def get(self, request: Request) -> Any:
        """For organizers: newest first, revoked ones included."""
        return [extension_body(e) for e in extensions_of(self.organized)]

    @writes(
        NewExtensionSerializer, ExtensionSerializer, operation_id="extension_grant", first=organized
    )
    def post(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        """For organizers: move the deadline of one `team` or one `department`."""
        return extension_body(extensions.grant(edition, **body, by=self.user, at=at))


def _extension(endpoint: EditionEndpoint) -> Extension:
    return extension_selectors.get_extension_for(endpoint.user, endpoint.kwargs["pk"])


class ExtensionDetail(EditionEndpoint):
    scope = Scope.ORGANIZE

    @writes(None, ExtensionSerializer, status=200, first=_extension)
    def delete(self, request: Request, extension: Extension, at: Any) -> Any:
        """Revoke it, for organizers."""
        return extension_body(extensions.revoke(extension, by=self.user, at=at))


class Seals(EditionEndpoint):
    public = True

    @reads(SealSerializer, many=True, operation_id="seals")
    def get(self, request: Request) -> Any:
        """The seals over all departments, newest first. Their digests and counts are public."""
        edition = edition_of(request)
        sets = seals.seal_sets(edition) if edition is not None else []
        return [seal_body(seal_set) for seal_set in sets]


class SealManifest(Endpoint):
    public = True

    @extend_schema(operation_id="seal_manifest", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, pk: int) -> Response:
        """The manifest of a department is for organizers, the one over all is public.

        With `format` 2 the digest is the root of a tree of it, which docs/seals.md describes. Older
        ones: the SHA-256 of its JSON in UTF-8, with sorted keys and without spaces.
        """
        return Response(seals.get_seal_for(request.user, pk).manifest)
