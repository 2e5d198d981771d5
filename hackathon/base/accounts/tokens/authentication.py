import logging
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from hackathon.base.accounts.models import ApiToken, User, is_session_hash_of
from hackathon.base.accounts.tokens.services import USE_PAUSE, digest_of
from hackathon.base.core import clock, logs
from hackathon.base.core.scopes import Scope

logger = logging.getLogger(__name__)

SCHEMES = (b"token", b"bearer")


def token_of(header: bytes) -> str | None:
    """Of `Authorization`; None for another scheme. Raises `AuthenticationFailed`."""
    scheme, _space, token = header.strip().partition(b" ")
    if scheme.lower() not in SCHEMES:
        return None
    try:
        return token.strip().decode("ascii")
    except UnicodeDecodeError:
        raise _invalid() from None


def authenticated(token: str, *, at: datetime) -> ApiToken:
    """Its person is no organizer without `Scope.ORGANIZE`. One query, and once a minute a second
    one. Raises `AuthenticationFailed`.
    """
    row = ApiToken.objects.select_related("user").filter(digest=digest_of(token)).first()
    if (
        row is None
        or row.expires_at <= at
        or not row.user.is_active
        or not is_session_hash_of(row.user, row.session_hash)
    ):
        if row is not None:
            ids = {"user": row.user_id, "token": row.pk}
            logger.info("A token was refused: expired or revoked", extra=ids)
        raise _invalid()
    may_organize = Scope.ORGANIZE in row.scopes
    row.user.suffices = lambda user: may_organize  # what the scope of an endpoint may add to
    long_ago = Q(last_used_at=None) | Q(last_used_at__lte=at - USE_PAUSE)
    if row.last_used_at is None or row.last_used_at <= at - USE_PAUSE:
        # Then the token no longer depends on a former secret key.
        ApiToken.objects.filter(long_ago, pk=row.pk).update(
            last_used_at=at, session_hash=row.user.get_session_auth_hash()
        )
    return row


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        token = token_of(get_authorization_header(request))
        if token is None:
            return None
        api_token = authenticated(token, at=clock.now())
        logs.bind(user=api_token.user_id, token=api_token.pk)
        return api_token.user, api_token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api", Token realm="api"'


class _Description(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "`ccd_…`, of /compte/jetons/."}


def _invalid() -> AuthenticationFailed:
    return AuthenticationFailed(_("Ce jeton n’est pas valable."), code="invalid_token")
