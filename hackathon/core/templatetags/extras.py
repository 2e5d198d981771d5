from django import template
from django.template import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from hackathon.core import extras
from hackathon.core.extras import Page, Place
from hackathon.core.views import edition_of

register = template.Library()


@register.simple_tag(name="extras", takes_context=True)
def parts(context: Context, place: str, edition: object = None) -> SafeString:
    """What the extras of the edition, or else of the shown one, add to this place of a page."""
    request = context.get("request")  # None in fragments, which name the edition
    about = edition or edition_of(context["request"])
    rendered = (part.render(request, about) for part in extras.parts(about, Place(place)))
    return format_html_join("\n", "{}", ((mark_safe(html),) for html in rendered if html))  # noqa: S308 - rendered by templates


@register.simple_tag
def published_pages_of_extras(edition: object) -> list[Page]:
    return [page for extra in extras.of(edition) for page in extra.published]
