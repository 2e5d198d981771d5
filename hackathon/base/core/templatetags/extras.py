from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from hackathon.base.core import extras
from hackathon.base.core.extras import Page, Place
from hackathon.base.core.views import edition_of

register = template.Library()


@register.simple_tag(name="extras", takes_context=True)
def parts(context: Context, place: str, edition: object = None) -> SafeString:
    """What the extras of the edition, or else of the shown one, add to this place of a page."""
    request = context.get("request")  # None in fragments, which name the edition
    about = edition or edition_of(context["request"])
    rendered = (part.render(request, about) for part in extras.parts(about, Place(place)))
    return format_html_join("\n", "{}", ((mark_safe(html),) for html in rendered if html))  # noqa: S308 - rendered by templates


@register.simple_tag(takes_context=True)
def extras_show(context: Context, place: str) -> str:
    """What the parts of this place show, for `data-shows` of the element around them."""
    about = edition_of(context["request"])
    return " ".join(part.shows for part in extras.parts(about, Place(place)) if part.shows)


@register.simple_tag
def published_pages_of_extras(edition: object) -> list[Page]:
    return [page for extra in extras.of(edition) for page in extra.published]


@register.simple_tag
def about_digests(edition: object, shown: Iterable[Any]) -> dict[str, SafeString]:
    """What extras add to each digest of what is shown: `{{ about|of_digest:DIGEST }}`."""
    about = extras.about_digests(edition, [one.digest for one in shown])
    return {digest: mark_safe("\n".join(parts)) for digest, parts in about.items()}  # noqa: S308 - as above


@register.filter
def of_digest(about: Mapping[str, SafeString], digest: str) -> SafeString | str:
    return about.get(digest, "")
