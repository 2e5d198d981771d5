"""Juries, their criteria and plans, and the envelopes. No marks."""

from typing import Any

from rest_framework.request import Request

from hackathon.base.core import clock
from hackathon.base.core.api import reads
from hackathon.base.core.views import edition_of
from hackathon.event.editions.endpoint import EditionEndpoint
from hackathon.event.editions.selectors import is_organizer
from judging.deliberation.selectors.envelopes import envelopes
from judging.jury import selectors as jury
from judging.jury.progress import progress
from judging.models import Criterion
from judging.plan.selectors import plan_of
from judging.serializers import (
    CriterionSerializer,
    EnvelopeLineSerializer,
    JurySerializer,
    PlanSerializer,
    criterion_body,
    envelope_body,
    jury_body,
    plan_body,
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


class Criteria(EditionEndpoint):
    @reads(CriterionSerializer, many=True)
    def get(self, request: Request) -> Any:
        """For organizers those of all departments, for jurors those of theirs."""
        by_department = jury.criteria_by_department(self.edition, Criterion)
        departments = {d.pk: d for d in self.edition.departments.all()}
        if not is_organizer(request.user, self.edition):
            own = jury.jury_of(request.user, self.edition)
            departments = {seat.department_id: departments[seat.department_id] for seat in own}
        return [
            criterion_body(criterion, department)
            for pk, department in departments.items()
            for criterion in by_department.get(pk, [])
        ]


class Envelopes(EditionEndpoint):
    public = True

    @reads(EnvelopeLineSerializer, many=True)
    def get(self, request: Request) -> Any:
        """The digests of the sealed decisions; their contents after the publication."""
        edition = edition_of(request)
        shown = [] if edition is None else envelopes(edition, at=clock.now())
        return [envelope_body(envelope) for envelope in shown]
