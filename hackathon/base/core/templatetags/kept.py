"""Tags whose output is kept in the memory of the process."""

from django import template
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hackathon.base.core import kept

register = template.Library()


class ConstantNode(Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.rendered: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.rendered:
            # A context of its own: nothing of one page can be kept for another one.
            empty = Context(autoescape=context.autoescape)
            assert context.template is not None
            with empty.bind_template(context.template):
                self.rendered[language] = self.nodelist.render(empty)
        return self.rendered[language]


@register.tag
def constant(parser: Parser, _token: Token) -> ConstantNode:
    """What depends on the language only is rendered once, without the variables of the page."""
    nodelist = parser.parse(("endconstant",))
    parser.delete_first_token()
    return ConstantNode(nodelist)


@register.simple_tag(name="kept")
def include_kept(template_name: str, **values: object) -> SafeString:
    """The template with these values alone (`core.kept`), without the variables of the page."""
    return kept.kept(template_name, values, lambda: get_template(template_name).render(values))
