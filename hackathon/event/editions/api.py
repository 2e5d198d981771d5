import mimetypes
import uuid
from copy import copy
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.base.core import clock
from hackathon.base.core.api import Endpoint, reads, writes
from hackathon.base.core.file_responses import file_response
from hackathon.base.core.scopes import Scope
from hackathon.base.core.views import edition_of
from hackathon.event.editions import live, moves, selectors
from hackathon.event.editions.endpoint import EditionEndpoint, organized
from hackathon.event.editions.models import Edition, Milestone
from hackathon.event.editions.serializers import (
    BriefSerializer,
    EditionSerializer,
    EditionStateSerializer,
    ListedDepartmentSerializer,
    ListedMilestoneSerializer,
    MilestonePatchSerializer,
    MovePreviewSerializer,
    MoveSerializer,
    NewMilestoneSerializer,
)
from hackathon.event.editions.services import schedule

FILE = {
    (200, "*/*"): OpenApiTypes.BINARY,
    (206, "*/*"): OpenApiTypes.BINARY,
    304: OpenApiResponse(description="Not modified."),
    416: OpenApiResponse(description="No such range."),
}


class EditionView(EditionEndpoint):
    """The edition that the site shows: public to read, for its organizers to move."""

    scope = Scope.ORGANIZE
    public = True

    @extend_schema(operation_id="edition", responses=EditionStateSerializer)
    def get(self, request: Request) -> Response:
        """Names, instants, phase and the server's time. Never cached."""
        body = live.public_state(self.edition, clock.now())
        return Response(body, headers={"Cache-Control": "no-store"})

    @writes(
        MoveSerializer,
        EditionStateSerializer,
        status=200,
        operation_id="edition_move",
        first=organized,
    )
    def patch(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        """Move instants; every open page follows. Answers with the state as it is now."""
        moved = schedule.move(edition=edition, instants=body, by=self.user, at=at)
        return live.public_state(moved, at)


class EditionPreview(EditionEndpoint):
    scope = Scope.ORGANIZE

    @writes(
        MoveSerializer,
        MovePreviewSerializer,
        status=200,
        operation_id="edition_move_preview",
        first=organized,
    )
    def post(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        """What `PATCH /edition/` with this body would change, and for whom. Writes nothing."""
        return moves.preview_or_refuse(edition, body, at=at)


class Editions(Endpoint):
    """Those that `?edition=SLUG` accepts."""

    @reads(EditionSerializer, many=True)
    def get(self, request: Request) -> Any:
        """The shown one, and those that you organize, newest first."""
        shown = edition_of(request)
        listed: list[Edition] = []
        if selectors.may_create_editions(request.user):
            listed = list(selectors.organized_editions(request.user))
        if shown is not None and shown not in listed:
            without_client = copy(shown)  # its name may still be secret
            without_client.client = ""
            listed = [without_client, *listed]
        return listed


class Departments(EditionEndpoint):
    public = True

    @reads(ListedDepartmentSerializer, many=True)
    def get(self, request: Request) -> Any:
        return self.edition.departments.all()


class Milestones(EditionEndpoint):
    """Launch and deadline are fields of the edition, not milestones of their own."""

    scope = Scope.ORGANIZE
    public = True

    @reads(ListedMilestoneSerializer, many=True)
    def get(self, request: Request) -> Any:
        return self.edition.milestones.all()

    @writes(NewMilestoneSerializer, ListedMilestoneSerializer, first=organized)
    def post(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        milestone_at = body.pop("at")
        act = {"milestone": None, "milestone_at": milestone_at, "by": self.user, "at": at}
        return schedule.save_milestone(edition=edition, **body, **act)


def _milestone(endpoint: EditionEndpoint) -> Milestone:
    return selectors.get_milestone(endpoint.organized, endpoint.kwargs["pk"])


class MilestoneDetail(EditionEndpoint):
    scope = Scope.ORGANIZE

    @writes(MilestonePatchSerializer, ListedMilestoneSerializer, status=200, first=_milestone)
    def patch(self, request: Request, milestone: Milestone, body: dict[str, Any], at: Any) -> Any:
        values = {"kind": milestone.kind, "label": milestone.label, "at": milestone.at, **body}
        milestone_at = values.pop("at")
        act = {"milestone": milestone, "milestone_at": milestone_at, "by": self.user, "at": at}
        return schedule.save_milestone(edition=milestone.edition, **values, **act)

    @writes(None, first=_milestone)
    def delete(self, request: Request, milestone: Milestone, at: Any) -> None:
        schedule.delete_milestone(milestone=milestone, by=self.user, at=at)


class Briefs(EditionEndpoint):
    @reads(BriefSerializer, many=True)
    def get(self, request: Request) -> Any:
        """From their instant on; organizers read them before."""
        return selectors.visible_briefs(request.user, self.edition, clock.now())


class AttachmentContent(Endpoint):
    @extend_schema(operation_id="attachment_content", responses=FILE)
    def get(self, request: Request, pk: uuid.UUID) -> HttpResponseBase:
        """The bytes of an attachment of a brief. Supports ranges."""
        attachment = selectors.get_attachment_for(request.user, pk, clock.now())
        return file_response(
            attachment.file,
            filename=attachment.filename,
            content_type=mimetypes.guess_type(attachment.filename)[0] or "",
            inline=False,
            digest=attachment.sha256,
            request=request._request,
        )
