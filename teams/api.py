from typing import Any

from rest_framework.request import Request

from hackathon.base.core.api import reads, writes
from hackathon.base.core.errors import NotFound
from hackathon.base.core.scopes import Scope
from hackathon.base.core.views import edition_of
from hackathon.event.editions.endpoint import EditionEndpoint, shown
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import is_organizer
from teams.models import Team
from teams.selectors import calls as call_selectors
from teams.selectors import listing
from teams.selectors import teams as selectors
from teams.serializers import (
    HelpRequestSerializer,
    NewMembersSerializer,
    NewTeamSerializer,
    TeamPatchSerializer,
    TeamSerializer,
    call_body,
)
from teams.services import organizing, teams


def _team(endpoint: EditionEndpoint) -> Team:
    """For its members and the organizers."""
    return selectors.get_team_for(endpoint.user, endpoint.kwargs["pk"])


def _organized_team(endpoint: EditionEndpoint) -> Team:
    return selectors.get_organized_team(endpoint.user, endpoint.kwargs["pk"])


class Teams(EditionEndpoint):
    scope = Scope.HAND_IN
    organizers_too = True

    @reads(TeamSerializer, many=True)
    def get(self, request: Request) -> Any:
        """Those of the edition for its organizers, else the caller's own."""
        if is_organizer(request.user, self.edition):
            page = self.page(self.edition.teams.order_by("pk"))
            pks = [team.pk for team in page]
            page[:] = listing.teams_with_members(self.edition, pks)
            return page
        own = selectors.membership_of(request.user, self.edition)
        return [] if own is None else listing.teams_with_members(self.edition, [own.team_id])

    @writes(NewTeamSerializer, TeamSerializer, first=shown)
    def post(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        """Register a team, as its captain; an organizer's has no member yet."""
        made = teams.register(edition, by=self.user, at=at, **body)
        return _again(made)


class TeamDetail(EditionEndpoint):
    scope = Scope.HAND_IN
    organizers_too = True

    @reads(TeamSerializer)
    def get(self, request: Request, pk: int) -> Any:
        """For its members and the organizers."""
        return _again(_team(self))

    @writes(TeamPatchSerializer, TeamSerializer, status=200, first=_team)
    def patch(self, request: Request, team: Team, body: dict[str, Any], at: Any) -> Any:
        return _again(teams.edit(team, **body, by=self.user, at=at))

    @writes(None, first=_organized_team)
    def delete(self, request: Request, team: Team, at: Any) -> None:
        """Dissolve it, for organizers. Refused if it has handed in something."""
        teams.dissolve(team, by=self.user, at=at)


class Members(EditionEndpoint):
    scope = Scope.ORGANIZE

    @writes(NewMembersSerializer, TeamSerializer, first=_organized_team)
    def post(self, request: Request, team: Team, body: dict[str, Any], at: Any) -> Any:
        """Add people by their addresses, all or none, for organizers."""
        organizing.add_people(team, body["emails"], by=self.user, at=at)
        return _again(team)


class HelpRequests(EditionEndpoint):
    @reads(HelpRequestSerializer, many=True, operation_id="help_requests")
    def get(self, request: Request) -> Any:
        """All calls of a member's team, newest first; a helper's open calls, oldest first."""
        edition = edition_of(request)
        own = selectors.membership_of(request.user, edition)
        if own is not None:
            calls = [call_selectors.team_call(c) for c in call_selectors.calls_of(own.team)]
        else:
            helper = call_selectors.helper_of(request.user, edition)
            open_calls = call_selectors.open_calls(helper) if helper else []
            calls = call_selectors.with_places(open_calls)
        return [call_body(call) for call in calls]


def _again(team: Team) -> Team:
    """With its members, as the service has left it."""
    for row in listing.teams_with_members(team.edition, [team.pk]):
        row.edition = team.edition
        return row
    raise NotFound
