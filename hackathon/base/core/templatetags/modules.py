from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from hackathon.base.core.static import module_url, modules_of, stylesheet_urls

SITE = "js/main.js"  # every page runs it

register = template.Library()


@register.simple_tag
def module_script(path: str) -> SafeString:
    """Names the module's imports as well, so that all of them are fetched at once."""
    imported = modules_of(path)
    if path != SITE:
        shared = {SITE, *modules_of(SITE)}
        imported = tuple(name for name in imported if name not in shared)
    preloads = format_html_join(
        "\n", '<link rel="modulepreload" href="{}">', ((static(name),) for name in imported)
    )
    return format_html('{}\n<script type="module" src="{}"></script>', preloads, module_url(path))


@register.simple_tag
def stylesheet(path: str) -> SafeString:
    """`static.STYLES` with the styles of extras."""
    links = ((url,) for url in stylesheet_urls(path))
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', links)


register.simple_tag(module_url)
