from typing import Any

from django.conf import settings
from rest_framework.request import Request

from hackathon.base.core.api import queried, reads, writes
from hackathon.base.core.scopes import Scope
from hackathon.base.core.views import edition_of
from hackathon.event.editions.endpoint import EditionEndpoint, organized
from hackathon.event.editions.models import Edition
from hackathon.event.people import selectors, services
from hackathon.event.people.serializers import (
    InvitationSerializer,
    MeSerializer,
    PeopleQuery,
    PersonSerializer,
    person_body,
    roles_body,
)
from hackathon.event.roles import roles_of


class Me(EditionEndpoint):
    @reads(MeSerializer)
    def get(self, request: Request) -> Any:
        """Whose token it is, what it permits, and what this person is in the edition."""
        user, edition = self.user, edition_of(request)
        roles = roles_of(user, edition)
        return {
            "id": user.pk,
            "name": user.display_name,
            "email": user.email,
            "edition": None if edition is None else edition.slug,
            "scopes": getattr(request.auth, "scopes", Scope.values),
            **roles_body(
                roles.organizer, roles.colleague, roles.membership, roles.juries, roles.duties
            ),
        }


class People(EditionEndpoint):
    scope = Scope.ORGANIZE

    @reads(PersonSerializer, many=True, parameters=[PeopleQuery])
    def get(self, request: Request) -> Any:
        """Everybody who takes part, for organizers, by name."""
        people = selectors.people_of(self.organized, **queried(PeopleQuery, request))
        page = self.page(people)
        page[:] = [person_body(p) for p in selectors.with_roles(self.edition, list(page))]
        return page

    @writes(InvitationSerializer, PersonSerializer, first=organized)
    def post(self, request: Request, edition: Edition, body: dict[str, Any], at: Any) -> Any:
        """Give somebody a role; who never signed in gets a mail."""
        user = services.invite(
            edition=edition, **body, site_url=settings.SITE_URL, by=self.user, at=at
        )
        return person_body(selectors.get_person(edition, user.pk))
