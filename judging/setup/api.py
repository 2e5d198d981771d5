"""The juries of an edition: seats, criteria, method, readings and recusals."""

from itertools import chain
from typing import Any

from django.urls import reverse
from rest_framework.request import Request

from hackathon.core.api import reads, writes
from hackathon.core.errors import NotFound
from hackathon.core.scopes import Scope
from hackathon.editions.endpoint import EditionEndpoint, organized
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import get_department, is_organizer
from judging.jury import selectors
from judging.models import Criterion, Juror, JuryRules, Recusal
from judging.plan import services as plans
from judging.setup.serializers import (
    CriterionPatchSerializer,
    CriterionSerializer,
    NewCriterionSerializer,
    NewReadingSerializer,
    NewRecusalSerializer,
    NewSeatSerializer,
    RecusalSerializer,
    RulesPatchSerializer,
    RulesSerializer,
    SeatPatchSerializer,
    SeatSerializer,
)
from judging.setup.services import criteria, method, recusals, seats

CRITERION = ("name", "weight", "scale", "guidance", "position")


class Criteria(EditionEndpoint):
    @reads(CriterionSerializer, many=True)
    def get(self, request: Request) -> Any:
        """For organizers those of all departments, for jurors those of theirs."""
        by_department = selectors.criteria_by_department(self.edition, Criterion)
        if not is_organizer(request.user, self.edition):
            own = selectors.jury_of(request.user, self.edition)
            by_department = {
                seat.department_id: by_department.get(seat.department_id, []) for seat in own
            }
        departments = {d.pk: d for d in self.edition.departments.all()}
        every = list(chain.from_iterable(by_department.values()))
        for criterion in every:
            criterion.department = departments[criterion.department_id]
        return every

    @writes(NewCriterionSerializer, CriterionSerializer, first=organized)
    def post(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        """The last one of its department. Refused once a juror has marked."""
        position = criteria.next_position(body["department"])
        return criteria.save(**body, position=position, by=self.user, at=at)


def _criterion(endpoint: EditionEndpoint) -> Criterion:
    pk = endpoint.kwargs["pk"]
    return selectors.get_criterion_for(endpoint.request.user, pk, endpoint.edition)


def _organized_criterion(endpoint: EditionEndpoint) -> Criterion:
    organized(endpoint)
    return _criterion(endpoint)


class CriterionDetail(EditionEndpoint):
    @writes(CriterionPatchSerializer, CriterionSerializer, status=200, first=_criterion)
    def patch(self, request: Request, criterion: Criterion, body: dict[str, Any], at: Any) -> Any:
        """For organizers until the first mark; then for the president, with a `reason`."""
        act = {"by": self.user, "at": at}
        values = {name: getattr(criterion, name) for name in CRITERION} | body
        if "reason" in body:
            del values["position"]
            return criteria.amend(criterion=criterion, **values, **act)
        return criteria.save(department=criterion.department, criterion=criterion, **values, **act)

    @writes(None, first=_organized_criterion)
    def delete(self, request: Request, criterion: Criterion, at: Any) -> None:
        criteria.delete(criterion=criterion, by=self.user, at=at)


class Seats(EditionEndpoint):
    @writes(NewSeatSerializer, SeatSerializer, first=organized)
    def post(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        """Appoint a juror and send an invitation. An existing seat is kept."""
        url = request.build_absolute_uri(reverse("account_login"))
        return seats.appoint(**body, sign_in_url=url, by=self.user, at=at)


def _seat(endpoint: EditionEndpoint) -> Juror:
    return selectors.get_seat_for(endpoint.user, endpoint.kwargs["pk"], endpoint.organized)


class SeatDetail(EditionEndpoint):
    @writes(SeatPatchSerializer, SeatSerializer, status=200, first=_seat)
    def patch(self, request: Request, juror: Juror, body: dict[str, Any], at: Any) -> Any:
        return seats.appoint(
            department=juror.department,
            email=juror.user.email,
            kind=body.get("kind", juror.kind),
            is_president=body.get("is_president", juror.is_president),
            by=self.user,
            at=at,
        )

    @writes(None, first=_seat)
    def delete(self, request: Request, juror: Juror, at: Any) -> None:
        """Refused if the juror has marked: let the juror leave."""
        seats.dismiss(juror=juror, by=self.user, at=at)


class Departure(EditionEndpoint):
    """PUT: the juror has left, the plan gives their readings to others. DELETE: they are back."""

    @writes(None, SeatSerializer, status=200, first=_seat)
    def put(self, request: Request, juror: Juror, at: Any) -> Any:
        return seats.leave(juror=juror, by=self.user, at=at)

    @writes(None, SeatSerializer, status=200, first=_seat)
    def delete(self, request: Request, juror: Juror, at: Any) -> Any:
        return seats.come_back(juror=juror, by=self.user, at=at)


def _department(endpoint: EditionEndpoint) -> Department:
    return get_department(endpoint.organized, endpoint.kwargs["pk"])


class Rules(EditionEndpoint):
    """How a jury reads and ranks, by the id of its department."""

    @reads(RulesSerializer)
    def get(self, request: Request, pk: int) -> Any:
        return selectors.rules_of(_department(self))

    @writes(RulesPatchSerializer, RulesSerializer, status=200, first=_department)
    def patch(self, request: Request, department: Department, body: Any, at: Any) -> JuryRules:
        """After the first mark only `readings` and, until the first lock, `hears_nominees` may
        change.
        """
        if (hears := body.pop("hears_nominees", None)) is not None:
            method.hear_nominees(department=department, hears=hears, by=self.user, at=at)
        now = selectors.rules_of(department)
        if not body:
            return now
        names = ("method", "readings", "separation")
        values = {name: getattr(now, name) for name in names} | body
        return method.choose(department=department, **values, by=self.user, at=at)


class DepartmentPlan(EditionEndpoint):
    """PUT makes or repairs the plan, POST draws another one, DELETE drops it: `/api/v1/plan/`."""

    @writes(None, first=_department)
    def put(self, request: Request, department: Department, at: Any) -> None:
        plans.make(department=department, by=self.user, at=at)

    @writes(None, first=_department)
    def post(self, request: Request, department: Department, at: Any) -> None:
        plans.redraw(department=department, by=self.user, at=at)

    @writes(None, first=_department)
    def delete(self, request: Request, department: Department, at: Any) -> None:
        plans.drop(department=department, by=self.user, at=at)


class Readings(EditionEndpoint):
    @writes(NewReadingSerializer, first=_department)
    def post(self, request: Request, department: Department, body: Any, at: Any) -> None:
        """A juror of this department also reads this team."""
        juror = selectors.get_juror_of(department, body["juror"])
        team = selectors.get_team_of_jury(juror, body["team"])
        plans.add_reading(juror=juror, team=team, by=self.user, at=at)


def _edition_of_jury(endpoint: EditionEndpoint) -> Edition:
    """Of its organizers and jurors."""
    edition = endpoint.edition
    if not is_organizer(endpoint.user, edition) and not selectors.jury_of(endpoint.user, edition):
        raise NotFound
    return edition


class Recusals(EditionEndpoint):
    scope = Scope.HAND_IN
    organizers_too = True

    @reads(RecusalSerializer, many=True)
    def get(self, request: Request) -> Any:
        """For organizers all, for presidents those of their jury, for jurors their own."""
        return selectors.recusals_for(request.user, self.edition)

    @writes(NewRecusalSerializer, RecusalSerializer, first=_edition_of_jury)
    def post(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        """A juror recuses themself, an organizer anybody."""
        juror = selectors.get_seat_for(self.user, body["juror"], edition)
        team = selectors.get_team_of_jury(juror, body["team"])
        return recusals.make(juror=juror, team=team, reason=body["reason"], by=self.user, at=at)


def _recusal(endpoint: EditionEndpoint) -> Recusal:
    return selectors.get_recusal_for(endpoint.user, endpoint.kwargs["pk"], endpoint.edition)


class RecusalDetail(EditionEndpoint):
    scope = Scope.HAND_IN
    organizers_too = True

    @writes(None, first=_recusal)
    def delete(self, request: Request, recusal: Recusal, at: Any) -> None:
        recusals.withdraw(recusal=recusal, by=self.user, at=at)
