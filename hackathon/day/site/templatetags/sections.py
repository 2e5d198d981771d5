from django import template
from django.template import Context

from hackathon.day.site.sections import SectionLink, sections_of
from hackathon.event.editions.models import Edition

register = template.Library()


@register.simple_tag(takes_context=True)
def organizer_sections(context: Context, edition: Edition) -> list[SectionLink]:
    return sections_of(edition, context["request"].path)


@register.simple_tag(takes_context=True)
def managed_edition(context: Context) -> Edition:
    """That of the page, or of its department."""
    found: Edition = context.get("managed") or context["department"].edition
    return found
