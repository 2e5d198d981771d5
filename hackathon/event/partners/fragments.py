from datetime import datetime
from typing import Any

from hackathon.base.live.fragments import Fragment, once
from hackathon.event.editions.models import Edition
from hackathon.event.partners import rules, selectors


def _client(edition: Edition, _viewer: object, at: datetime) -> dict[str, Any]:
    """Two queries after the client, a brief or the edition has changed."""
    public_at, briefs = once(
        edition, "client instants", selectors.client_instants, "client brief edition"
    )
    is_public = rules.client_is_public(public_at, briefs, at=at)
    return {"client": edition.client if is_public else ""}


def _partners(edition: Edition, _viewer: object, _at: datetime) -> dict[str, Any]:
    """One query."""
    return {"partners": selectors.partners_of(edition)}


# When the client becomes public is secret: no later states, and no instants.
PARTNERS = (
    Fragment("client-link", "partners/_link.html", "client brief edition", _client, every=1),
    Fragment("partners", "partners/_partners.html", "partner edition", _partners, max_age=30),
)
