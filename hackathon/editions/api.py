import mimetypes
import uuid
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from hackathon.core import clock
from hackathon.core.api import Endpoint, reads, writes
from hackathon.core.errors import NotFound
from hackathon.core.file_responses import file_response
from hackathon.core.scopes import Scope
from hackathon.core.views import edition_of
from hackathon.editions import live, moves, selectors
from hackathon.editions.endpoint import EditionEndpoint, organized
from hackathon.editions.models import Edition, Milestone
from hackathon.editions.serializers import (
    BriefSerializer,
    CloneSerializer,
    DepartmentPatchSerializer,
    EditionSerializer,
    EditionStateSerializer,
    ListedDepartmentSerializer,
    ListedMilestoneSerializer,
    MilestonePatchSerializer,
    MovePreviewSerializer,
    MoveSerializer,
    NewBriefSerializer,
    NewDepartmentSerializer,
    NewMilestoneSerializer,
)
from hackathon.editions.services import briefs, departments, editions, schedule

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
    def patch(self, request: Request, given: dict[str, Any], at: Any) -> Any:
        """Move instants; every open page follows. Answers with the state as it is now."""
        moved = schedule.move(edition=self.organized, instants=given, by=self.user, at=at)
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
    def post(self, request: Request, given: dict[str, Any], at: Any) -> Any:
        """What `PATCH /edition/` with this body would change, and for whom. Writes nothing."""
        return moves.preview_or_refuse(self.organized, given, at=at)


class Editions(Endpoint):
    """Those that `?edition=SLUG` accepts."""

    @reads(EditionSerializer, many=True)
    def get(self, request: Request) -> Any:
        """The shown one, and those that you organize, newest first."""
        shown = edition_of(request)
        found: list[Edition] = []
        if selectors.may_create_editions(request.user):
            found = list(selectors.organized_editions(request.user))
        if shown is not None and shown not in found:
            found = [shown, *found]
        return found

    @writes(CloneSerializer, EditionSerializer)
    def post(self, request: Request, given: dict[str, Any], at: Any) -> Any:
        """Clone an edition. The copy is a draft, visible to its organizers only."""
        source = selectors.get_organized_edition(request.user, given.pop("source"))
        user: Any = request.user  # who organizes it is signed in
        return editions.clone(source=source, **given, by=user, at=at)


class Departments(EditionEndpoint):
    public = True

    @reads(ListedDepartmentSerializer, many=True)
    def get(self, request: Request) -> Any:
        return self.edition.departments.all()

    @writes(NewDepartmentSerializer, ListedDepartmentSerializer, first=organized)
    def post(self, request: Request, given: dict[str, Any], at: Any) -> Any:
        return departments.save(edition=self.organized, **given, by=self.user, at=at)


class DepartmentDetail(EditionEndpoint):
    @writes(DepartmentPatchSerializer, ListedDepartmentSerializer, status=200, first=organized)
    def patch(self, request: Request, pk: int, given: dict[str, Any], at: Any) -> Any:
        found = selectors.get_department(self.organized, pk)
        values = {"code": found.code, "name": found.name, **given}
        act = {"edition": self.organized, "department": found, "by": self.user, "at": at}
        return departments.save(**values, **act)

    @writes(None, first=organized)
    def delete(self, request: Request, pk: int, at: Any) -> None:
        """Refused once it has teams, deliverables or a jury."""
        found = selectors.get_department(self.organized, pk)
        departments.delete(department=found, by=self.user, at=at)


class Milestones(EditionEndpoint):
    """Launch and deadline are fields of the edition, not milestones of their own."""

    scope = Scope.ORGANIZE
    public = True

    @reads(ListedMilestoneSerializer, many=True)
    def get(self, request: Request) -> Any:
        return self.edition.milestones.all()

    @writes(NewMilestoneSerializer, ListedMilestoneSerializer, first=organized)
    def post(self, request: Request, given: dict[str, Any], at: Any) -> Any:
        return _save(self, None, given, at)


class MilestoneDetail(EditionEndpoint):
    scope = Scope.ORGANIZE

    @writes(MilestonePatchSerializer, ListedMilestoneSerializer, status=200, first=organized)
    def patch(self, request: Request, pk: int, given: dict[str, Any], at: Any) -> Any:
        found = selectors.get_milestone(self.organized, pk)
        return _save(self, found, {"kind": found.kind, "label": found.label, **given}, at)

    @writes(None)
    def delete(self, request: Request, pk: int, at: Any) -> None:
        found = selectors.get_milestone(self.organized, pk)
        schedule.delete_milestone(milestone=found, by=self.user, at=at)


class Briefs(EditionEndpoint):
    @reads(BriefSerializer, many=True)
    def get(self, request: Request) -> Any:
        """From their instant on; organizers read them before."""
        return selectors.visible_briefs(request.user, self.edition, clock.now())


class BriefDetail(EditionEndpoint):
    """The brief of a department, by its code."""

    scope = Scope.ORGANIZE

    @reads(BriefSerializer)
    def get(self, request: Request, code: str) -> Any:
        return selectors.get_brief_for(request.user, code, self.edition, clock.now())

    @writes(NewBriefSerializer, BriefSerializer, status=200, first=organized)
    def put(self, request: Request, code: str, given: dict[str, Any], at: Any) -> Any:
        """A `published_at` in the future makes a public brief secret again."""
        department = selectors.find_department(self.organized, code)
        if department is None:
            raise NotFound
        return briefs.write(department=department, **given, by=self.user, at=at)


class AttachmentContent(Endpoint):
    @extend_schema(operation_id="attachment_content", responses=FILE)
    def get(self, request: Request, pk: uuid.UUID) -> HttpResponseBase:
        """The bytes of an attachment of a brief. Supports ranges."""
        found = selectors.get_attachment_for(request.user, pk, clock.now())
        return file_response(
            found.file,
            filename=found.filename,
            content_type=mimetypes.guess_type(found.filename)[0] or "",
            inline=False,
            digest=found.sha256,
            request=request._request,
        )


def _save(
    endpoint: EditionEndpoint, found: Milestone | None, given: dict[str, Any], at: Any
) -> Milestone:
    return schedule.save_milestone(
        edition=endpoint.organized,
        kind=given["kind"],
        label=given["label"],
        milestone_at=given["at"] if found is None else given.get("at", found.at),
        milestone=found,
        by=endpoint.user,
        at=at,
    )
