"""Juries, plans, envelopes, and the sheets of the juror who asks. Nobody else's marks."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from hackathon.core import clock
from hackathon.core.api import reads, writes
from hackathon.core.errors import NotFound
from hackathon.core.scopes import Scope
from hackathon.core.views import edition_of
from hackathon.editions.endpoint import EditionEndpoint
from hackathon.editions.selectors import is_organizer
from judging.deliberation.selectors.envelopes import envelopes
from judging.enums import SheetState
from judging.jury import selectors as jury
from judging.jury.progress import progress
from judging.plan.selectors import plan_of
from judging.scoring.pages import SheetPage
from judging.scoring.selectors import my_teams, sheet_page
from judging.scoring.services import sheets
from judging.serializers import (
    EnvelopeLineSerializer,
    JurySerializer,
    OwnSheetSerializer,
    PlanSerializer,
    SheetPatchSerializer,
    SheetSerializer,
    envelope_body,
    jury_body,
    own_sheet_body,
    plan_body,
    sheet_body,
)


class Juries(EditionEndpoint):
    @reads(JurySerializer, many=True)
    def get(self, request: Request) -> Any:
        """For organizers and presidents all jurors with their progress, else the own seat."""
        if is_organizer(request.user, self.edition):
            return [jury_body(line) for line in progress(self.edition)]
        seats = {seat.department_id: seat for seat in jury.jury_of(request.user, self.edition)}
        return [
            jury_body(line, only=None if seat.is_president else seat.pk)
            for line in (progress(self.edition) if seats else [])
            if (seat := seats.get(line.department.pk)) is not None
        ]


class Plan(EditionEndpoint):
    @reads(PlanSerializer, many=True)
    def get(self, request: Request) -> Any:
        """Who reads whom, for organizers: by juror, in the juror's order, without marks."""
        plans = [plan_of(department) for department in self.organized.departments.all()]
        return [plan_body(line) for plan in plans for line in plan.jurors]


class Sheets(EditionEndpoint):
    @reads(OwnSheetSerializer, many=True)
    def get(self, request: Request) -> Any:
        """The teams that the caller reads as a juror. Empty for everybody else."""
        seats_teams = [
            my_teams(seat, at=clock.now()) for seat in jury.jury_of(request.user, self.edition)
        ]
        return [own_sheet_body(mine.juror, line) for mine in seats_teams for line in mine.lines]


def _sheet(endpoint: EditionEndpoint) -> SheetPage:
    """The caller's own one. Raises `NotFound`."""
    for seat in jury.jury_of(endpoint.user, endpoint.edition):
        try:
            return sheet_page(seat, endpoint.kwargs["pk"], at=clock.now())
        except NotFound:
            continue
    raise NotFound


class SheetDetail(EditionEndpoint):
    """The caller's own sheet of a team, by the id of the team."""

    scope = Scope.HAND_IN

    @reads(SheetSerializer)
    def get(self, request: Request, pk: int) -> Any:
        return sheet_body(_sheet(self))

    @writes(SheetPatchSerializer, SheetSerializer, status=200, first=_sheet)
    def patch(self, request: Request, page: SheetPage, body: dict[str, Any], at: Any) -> Any:
        """Marks by the id of their criterion; null removes one. `final` finishes the sheet, `draft`
        opens it again and changes nothing else. With `base`, the version that you have read,
        what another device has changed since is refused.
        """
        act = {"juror": page.juror, "team": page.team, "by": self.user, "at": at}
        if body.get("state") == SheetState.DRAFT:
            sheets.reopen(**act)
        else:
            criteria = {str(line.criterion.pk): line.criterion for line in page.lines}
            if unknown := body["marks"].keys() - criteria.keys():
                errors = {pk: [_("Critère inconnu.")] for pk in sorted(unknown)}
                raise serializers.ValidationError({"marks": errors})
            sheets.save(
                marks={criteria[pk]: value for pk, value in body["marks"].items()},
                comment=body.get("comment"),
                notes=body.get("notes"),
                finish=body.get("state") == SheetState.FINAL,
                base=body.get("base"),
                seen=body.get("seen", page.seen),
                **act,
            )
        return sheet_body(_sheet(self))


class Envelopes(EditionEndpoint):
    public = True

    @reads(EnvelopeLineSerializer, many=True)
    def get(self, request: Request) -> Any:
        """The digests of the sealed decisions; their contents after the publication."""
        edition = edition_of(request)
        shown = [] if edition is None else envelopes(edition, at=clock.now())
        return [envelope_body(envelope) for envelope in shown]
