from django import template

from hackathon.base.push import vapid

register = template.Library()


@register.inclusion_tag("push/card.html")
def push_card() -> dict[str, str]:
    """Turns notifications on and off, for a person who is signed in."""
    return {"key": vapid.public_key()}
