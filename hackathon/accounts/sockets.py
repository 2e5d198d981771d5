"""Signing in on a socket with an API token, for programs."""

from typing import Any

from channels.db import database_sync_to_async
from knox.auth import TokenAuthentication as Knox
from rest_framework.exceptions import AuthenticationFailed


class TokenAuthentication:
    """`Authorization: Token …` on the handshake replaces the session's user.

    A bad token is not silently anonymous: the scope says `bad_token` and the consumer closes.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Resolve the token, if any, and go on."""
        header = dict(scope["headers"]).get(b"authorization", b"")
        prefix, _, token = header.partition(b" ")
        if prefix.lower() == b"token":
            try:
                scope["user"], _auth = await database_sync_to_async(
                    Knox().authenticate_credentials
                )(token.strip())
            except AuthenticationFailed:
                scope["bad_token"] = True
        await self.app(scope, receive, send)
