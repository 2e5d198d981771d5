from django import template
from django.template import Context

from hackathon.core import fragments

register = template.Library()


@register.simple_tag(takes_context=True)
def fragment(context: Context, name: str) -> str:
    """As the person of this page sees it; empty if they don't, or without an edition."""
    found, edition = fragments.registry.fragments[name], context["edition"]
    if edition is None:
        return ""
    live = context["live"]
    viewer = found.viewer_of(edition)(frozenset(context["audiences"]))
    if viewer is None:
        return ""
    known = live and live.known(found.changed_by)
    return fragments.render(found, edition, viewer, at=context["server_now"], known=known)
