"""Tokens for tests."""

from datetime import UTC, datetime

from hackathon.base.accounts.models import User
from hackathon.base.accounts.tokens import services
from hackathon.base.core.scopes import Scope


def make_token(user: User, *scopes: Scope, at: datetime | None = None) -> str:
    """With all scopes unless some are named. Valid for a year from `at`, or from now."""
    at = at or datetime.now(UTC)
    given = {"name": "test", "scopes": scopes or list(Scope), "by": user, "at": at}
    return services.create(user, expires_at=at + services.LONGEST, **given)[1]
