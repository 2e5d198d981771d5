"""Tags whose output is kept in the memory of the process."""

from uuid import UUID

from django import template
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.template.loader import get_template
from django.templatetags.i18n import TranslateNode, do_translate
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hackathon.core import kept
from hackathon.core.addresses import address

register = template.Library()

KEPT_TYPES = (str, SafeString, int, UUID)


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


class KeptURLNode(URLNode):
    def render(self, context: Context) -> str:
        args = [arg.resolve(context) for arg in self.args]
        name = self.view_name.resolve(context)
        if self.kwargs or not all(type(value) in KEPT_TYPES for value in (name, *args)):
            return super().render(context)
        request = getattr(context, "request", None)
        match = getattr(request, "resolver_match", None)
        app = getattr(request, "current_app", getattr(match, "namespace", None))
        try:
            found = address(name, *args, app=app)
        except NoReverseMatch:
            return super().render(context)
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Django's tag, with kept addresses."""
    node = django_url(parser, token)
    return KeptURLNode(node.view_name, node.args, node.kwargs, node.asvar)


class KeptTranslateNode(TranslateNode):
    def __init__(self, node: TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop, node.asvar, node.message_context)
        text = node.filter_expression
        self.is_constant = not (text.filters or text.var.lookups or node.message_context)
        self.rendered: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        if not self.is_constant:
            return super().render(context)
        key = get_language(), context.autoescape
        if key not in self.rendered:
            value = super().render(context)
            self.rendered[key] = context[self.asvar] if self.asvar else value
        if self.asvar:
            context[self.asvar] = self.rendered[key]
            return ""
        return self.rendered[key]


@register.tag
def translate(parser: Parser, token: Token) -> KeptTranslateNode:
    """Django's tag. A text is looked up once in each language."""
    return KeptTranslateNode(do_translate(parser, token))
