from typing import Any

from django import template
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def gallery_url(context: dict[str, Any], page: str, pk: int | None = None) -> str:
    """Of a page that the same visitor may open."""
    visit = context["visit"]
    args = [*visit.args, *([] if pk is None else [pk])]
    return reverse(f"gallery:{visit.way}-{page}", args=args)
