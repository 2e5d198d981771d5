"""What all endpoints of the API have in common."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

from hackathon.core.scopes import Scope, check_scope


class TokenThrottle(UserRateThrottle):
    """Counts per person, for all their tokens together. The pages themselves are not counted."""

    scope = "token"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return super().get_cache_key(request, view) if request.auth is not None else None


class Endpoint(APIView):
    """`scope` is what a token needs for everything but reading."""

    scope: Scope
    throttle_classes = [TokenThrottle]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_scope(request.auth, Scope.READ if request.method in SAFE_METHODS else self.scope)
