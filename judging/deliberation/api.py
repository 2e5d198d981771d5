"""The decision of a jury, for its president and its jurors, by the code of the department.

Organizers get nothing: they must not know it before it is announced.
"""

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from hackathon.core import clock, journal
from hackathon.core.api import reads, writes
from hackathon.core.errors import NotFound, Refused
from hackathon.core.scopes import Scope
from hackathon.editions.endpoint import EditionEndpoint
from judging.deliberation.selectors.decision import decision_of, get_draft_reader_for, signers_of
from judging.deliberation.selectors.pairs import get_pairs_for
from judging.deliberation.serializers import (
    AssignSerializer,
    DecisionSerializer,
    DeliberationSerializer,
    PairSerializer,
    ReopeningSerializer,
    SecondReadingsSerializer,
    SignatureSerializer,
    decision_body,
    pair_body,
    readings_body,
)
from judging.deliberation.services import decision, second_readings
from judging.jury.selectors import get_juror_for, get_president_for
from judging.models import Juror
from judging.ranking.selectors import ranking_of

TEAMS = [
    OpenApiParameter(name, int, description="A team's id; by default one of the first two.")
    for name in ("first", "second")
]


def _president(endpoint: EditionEndpoint) -> Juror:
    code = endpoint.kwargs["code"]
    return get_president_for(endpoint.request.user, code, endpoint.edition)


def _juror(endpoint: EditionEndpoint) -> Juror:
    return get_juror_for(endpoint.request.user, endpoint.kwargs["code"], endpoint.edition)


def _body(juror: Juror) -> dict[str, Any]:
    department = juror.department
    ranking = ranking_of(department) if juror.is_president else None
    return decision_body(juror, decision_of(department), signers_of(department), ranking)


class Decision(EditionEndpoint):
    scope = Scope.HAND_IN

    @reads(DeliberationSerializer)
    def get(self, request: Request, code: str) -> Any:
        """For the president; for jurors while it is open for signatures, and after its lock."""
        now = clock.now()
        juror = get_draft_reader_for(self.user, code, self.edition, at=now)
        act = "ranking.viewed" if juror.is_president else "decision.viewed"
        journal.record_view(act, juror.department, by=self.user, at=now)
        return _body(juror)

    @writes(DecisionSerializer, DeliberationSerializer, status=200, first=_president)
    def put(self, request: Request, juror: Juror, body: dict[str, Any], at: Any) -> Any:
        """Save the draft, as a whole. A change removes the signatures."""
        body["places"] = {place["team"]: place["rank"] for place in body["places"]}
        body["special"] = [(prize["title"], prize["team"]) for prize in body["special"]]
        decision.decide(department=juror.department, **body, by=self.user, at=at)
        return _body(juror)


class Opening(EditionEndpoint):
    scope = Scope.HAND_IN

    @writes(None, DeliberationSerializer, status=200, first=_president)
    def put(self, request: Request, juror: Juror, at: Any) -> Any:
        """The jurors may read the draft and sign it."""
        decision.open_to_sign(department=juror.department, by=self.user, at=at)
        return _body(juror)


class OwnSignature(EditionEndpoint):
    scope = Scope.HAND_IN

    @writes(SignatureSerializer, DeliberationSerializer, status=200, first=_juror)
    def put(self, request: Request, juror: Juror, body: dict[str, Any], at: Any) -> Any:
        """Refused if the decision has changed since you have read it."""
        decision.sign(juror=juror, seen=body["seen"], by=self.user, at=at)
        return _body(juror)


class Lock(EditionEndpoint):
    scope = Scope.HAND_IN

    @writes(None, DeliberationSerializer, status=200, first=_president)
    def put(self, request: Request, juror: Juror, at: Any) -> Any:
        """The jury has decided about winners. The digest of its decision is public from now on."""
        decision.lock(department=juror.department, by=self.user, at=at)
        return _body(juror)


class Nominations(EditionEndpoint):
    scope = Scope.HAND_IN

    @writes(None, DeliberationSerializer, status=200, first=_president)
    def put(self, request: Request, juror: Juror, at: Any) -> Any:
        """Lock the nominees of a jury that hears them before it decides. Their digest is public
        from now on.
        """
        decision.lock(department=juror.department, nominees=True, by=self.user, at=at)
        return _body(juror)


class NominationsReopening(EditionEndpoint):
    scope = Scope.HAND_IN

    @writes(ReopeningSerializer, DeliberationSerializer, first=_president)
    def post(self, request: Request, juror: Juror, body: dict[str, Any], at: Any) -> Any:
        """Undo the lock of the nominees and void its digest, until a ceremony has begun."""
        department = juror.department
        decision.reopen(department=department, nominees=True, **body, by=self.user, at=at)
        return _body(juror)


class Reopening(EditionEndpoint):
    scope = Scope.HAND_IN

    @writes(ReopeningSerializer, DeliberationSerializer, first=_president)
    def post(self, request: Request, juror: Juror, body: dict[str, Any], at: Any) -> Any:
        """Undo the lock and void its digest. The minutes contain the reason."""
        decision.reopen(department=juror.department, **body, by=self.user, at=at)
        return _body(juror)


class TeamPair(EditionEndpoint):
    scope = Scope.HAND_IN

    @reads(PairSerializer, parameters=TEAMS)
    def get(self, request: Request, code: str) -> Any:
        """Why one team has a higher value than another: for who may read all marks."""
        now = clock.now()
        pairs = get_pairs_for(self.user, code, self.edition, at=now)
        journal.record_view("pair.viewed", pairs.department, by=self.user, at=now)
        teams = request.query_params
        pair = pairs.chosen(teams.get("first", ""), teams.get("second", ""))
        if pair is None:
            raise NotFound
        return pair_body(pair)


class SecondReadings(EditionEndpoint):
    scope = Scope.HAND_IN

    @reads(SecondReadingsSerializer)
    def get(self, request: Request, code: str) -> Any:
        """A proposal: which juror gives one of the best teams a second reading. Or the refusal."""
        department = _president(self).department
        try:
            proposal = second_readings.propose(department=department, by=self.user, at=clock.now())
        except Refused as refused:
            return readings_body(None, refusal=refused.refusal.code)
        return readings_body(proposal.reading, proposal.digest)

    @writes(AssignSerializer, first=_president)
    def post(self, request: Request, juror: Juror, body: dict[str, Any], at: Any) -> None:
        """Assign the proposal of GET. Refused if the proposal has changed since."""
        second_readings.assign(department=juror.department, **body, by=self.user, at=at)
