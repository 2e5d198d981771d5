"""Tokens for programs that act for a person. Raises `Refused`."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.accounts.models import ApiToken, User
from hackathon.base.core import journal
from hackathon.base.core.errors import NotFound, Refused, refuse
from hackathon.base.core.scopes import Scope

PREFIX = "ccd_"  # scanners of repositories recognise it: docs/api.md
TOKEN_BYTES = 30  # 40 signs
TOKENS_MAX = 20
USE_PAUSE = timedelta(minutes=1)  # how often the last use is written
LONGEST = timedelta(days=365)


@transaction.atomic
def create(
    user: User,
    *,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime,
    by: User | None,
    at: datetime,
) -> tuple[ApiToken, str]:
    """The second value is the token itself, which is not stored. It ends with the password, with
    a sign-out everywhere and with the account.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not at < expires_at <= at + LONGEST:
        raise Refused(refuse(AccountRefusal.TOKEN_EXPIRY))
    if user.tokens.filter(expires_at__gt=at).count() >= TOKENS_MAX:
        raise Refused(refuse(AccountRefusal.TOKENS_MANY, most=TOKENS_MAX))
    secret = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    token = ApiToken.objects.create(
        user=user,
        name=" ".join(name.split()),
        digest=digest_of(secret),
        session_hash=user.get_session_auth_hash(),
        scopes=sorted(scopes),
        created_at=at,
        expires_at=expires_at,
    )
    detail = {"name": token.name, "scopes": token.scopes, "expires_at": expires_at.isoformat()}
    journal.record("token.created", token, by=by, at=at, **detail)
    return token, secret


def create_for_command(user: User, *, at: datetime) -> str:
    """With all scopes, for a year."""
    name = "manage.py token"
    return create(user, name=name, scopes=list(Scope), expires_at=at + LONGEST, by=None, at=at)[1]


@transaction.atomic
def revoke(user: User, pk: int, *, by: User, at: datetime) -> None:
    """Raises `NotFound`, also for the token of somebody else."""
    token = user.tokens.select_for_update().filter(pk=pk).first()
    if token is None:
        raise NotFound
    journal.record("token.revoked", token, by=by, at=at, name=token.name)
    token.delete()


def digest_of(token: str) -> str:
    """A plain digest is enough: the token is long and random."""
    return hashlib.sha256(token.encode()).hexdigest()
