from datetime import datetime
from typing import Any

from hackathon.editions.models import Edition
from hackathon.live.fragments import Fragment
from hackathon.partners import selectors


def _client(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    """Two queries."""
    return {"client": selectors.public_client(edition, at=at)}


def _partners(edition: Edition, _viewer: object, _at: datetime) -> dict[str, Any]:
    """One query."""
    return {"partners": selectors.partners_of(edition)}


# When the client becomes public is secret: no later states, and no instants.
PARTNERS = (
    Fragment("client-link", "partners/_link.html", "client brief edition", _client, every=1),
    Fragment("partners", "partners/_partners.html", "partner edition", _partners, max_age=30),
)
