from typing import Any

from django.core.validators import slug_re
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from hackathon.base.accounts.models import User
from hackathon.base.core.api import Endpoint
from hackathon.base.core.errors import NotFound
from hackathon.base.core.scopes import MissingScope
from hackathon.base.core.views import edition_of
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import (
    get_organized_edition,
    is_organizer,
    organized_edition,
)


def organized(endpoint: "EditionEndpoint") -> Edition:
    """Raises `NotFound` for everybody but the organizers of the edition."""
    return organized_edition(endpoint.request.user, edition_of(endpoint.request))


def shown(endpoint: "EditionEndpoint") -> Edition:
    """For what everybody may do who is signed in. Raises `NotFound` if no edition is shown."""
    return endpoint.edition


class EditionEndpoint(Endpoint):
    """About the edition that the site shows. Its organizers may choose another: `?edition=SLUG`.

    With `organizers_too` they write with `Scope.ORGANIZE` alone, without `scope`.
    """

    parameters = [
        OpenApiParameter(
            "edition", str, description="The slug of an edition that you organize, not shown."
        )
    ]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with timezone.override(timezone.get_current_timezone()):  # `initial` may activate another
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        slug, shown = request.query_params.get("edition"), edition_of(request)
        if slug is not None and not slug_re.match(slug):
            raise NotFound
        if slug is not None and (shown is None or slug != shown.slug):
            chosen = get_organized_edition(request.user, slug)
            request._request.edition = chosen  # type: ignore[attr-defined]
            timezone.activate(chosen.zone)
        token: Any = request.auth
        if (
            token is not None
            and request.method not in SAFE_METHODS
            and self.scope not in token.scopes  # but `organize` is
            and not is_organizer(request.user, edition_of(request))
        ):
            raise MissingScope(self.scope)

    @property
    def user(self) -> User:
        """Signed in: only for what is not public."""
        return self.request.user  # type: ignore[return-value]

    @property
    def edition(self) -> Edition:
        """Raises `NotFound` if none is shown."""
        edition = edition_of(self.request)
        if edition is None:
            raise NotFound
        return edition

    @property
    def organized(self) -> Edition:
        return organized(self)
