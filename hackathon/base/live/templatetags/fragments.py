from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain

from django import template
from django.template import Context
from django.utils.html import format_html

from hackathon.base.live import fragments

register = template.Library()


@register.simple_tag(takes_context=True)
def fragment(context: Context, name: str) -> str:
    """As the person of this page sees it; empty if they don't, or without an edition."""
    declared, edition = fragments.registry.fragments[name], context["edition"]
    if edition is None or not fragments.is_on(declared, edition):
        return ""
    live = context["live"]
    viewer = declared.viewer_of(edition)(frozenset(context["audiences"]))
    if viewer is None:
        return ""
    version = live and live.version(declared.shows)
    return fragments.render(declared, edition, viewer, at=context["server_now"], version=version)


@register.simple_tag(takes_context=True)
def refresh_at(
    context: Context, *instants: datetime | Iterable[datetime] | None, every: int = 0
) -> str:
    """At the end of a part: it is fetched again after the first of these instants that is to come,
    or after `every` seconds.
    """
    now: datetime = context["server_now"]
    every_instant = chain.from_iterable(
        [i] if isinstance(i, datetime) else i or () for i in instants
    )
    coming = [instant for instant in every_instant if instant >= now]
    coming += [now + timedelta(seconds=every)] if every else []
    if not coming:
        return ""
    return format_html('<template data-at="{}"></template>', min(coming).isoformat())
