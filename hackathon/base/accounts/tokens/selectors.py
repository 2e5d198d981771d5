from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hackathon.base.accounts.models import ApiToken, User, is_session_hash_of
from hackathon.base.core.scopes import Scope


@dataclass(frozen=True)
class Line:
    token: ApiToken
    scopes: Sequence[Scope]
    is_valid: bool


def tokens_of(user: User, *, at: datetime) -> list[Line]:
    """Newest first, those that have ended too."""
    return [
        Line(
            token,
            [Scope(scope) for scope in token.scopes],
            token.expires_at > at and is_session_hash_of(user, token.session_hash),
        )
        for token in user.tokens.order_by("-pk")
    ]
