import re
from functools import lru_cache
from typing import Any, cast

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from hackathon.base.core.typography import spaced

HEADINGS = re.compile(r"<(/?)h([1-6])>")  # sanitised ones have no attributes
TITLES = re.compile(r"<h([1-6])>(.*?)</h\1>")
LINKS = re.compile(r"(https?://|mailto:)", re.I)

_of_documents = MarkdownIt("commonmark", {"html": False}).enable("table")
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True})
_parser.enable(["table", "linkify"])
# « rendu.py » and « Node.js » are no addresses.
cast(LinkifyIt, _parser.linkify).set({"fuzzy_link": False})


@lru_cache(maxsize=512)
def render(text: str) -> SafeString:
    """CommonMark with tables to sanitised HTML: no raw HTML, no script, no images."""
    html = nh3.clean(
        _parser.render(text),
        link_rel="noopener noreferrer nofollow",
        attributes={"a": {"href", "title"}, "th": {"align"}, "td": {"align"}},
        tags=nh3.ALLOWED_TAGS - {"img"},
    )
    return mark_safe(html)  # noqa: S308 - sanitised just above


@lru_cache(maxsize=64)
def render_of_stranger(text: str) -> SafeString:
    """Of a file that somebody handed in: its headings are below those of the page, links open
    beside it, and those that would lead into our own site are plain text.
    """
    html = nh3.clean(
        _parser.render(text),
        link_rel="noopener noreferrer nofollow",
        attributes={"a": {"href"}, "th": {"align"}, "td": {"align"}},
        attribute_filter=_only_outside,
        set_tag_attribute_values={"a": {"target": "_blank"}},
        tags=nh3.ALLOWED_TAGS - {"img"},
    )
    return mark_safe(HEADINGS.sub(_lower, html))  # noqa: S308 - sanitised just above


def _only_outside(tag: str, name: str, value: str) -> str | None:
    return value if name != "href" or LINKS.match(value) else None


def _lower(heading: re.Match[str]) -> str:
    return f"<{heading[1]}h{min(int(heading[2]) + 3, 6)}>"


@lru_cache(maxsize=128)
def document(text: str) -> SafeString:
    """A file of this repository, with its pictures: not sanitised. Lines of the source are no
    breaks, French typography is set, and headings have the anchors of GitHub.
    """
    tokens = _of_documents.parse(text)
    for child in (child for token in tokens for child in token.children or ()):
        if child.type == "text":
            child.content = spaced(child.content)
    html = _of_documents.renderer.render(tokens, _of_documents.options, {})
    html = html.replace("<pre>", '<pre tabindex="0">')  # it scrolls, also by the keyboard
    return mark_safe(TITLES.sub(_with_anchor, html))  # noqa: S308 - no raw HTML in our own file


def _with_anchor(heading: re.Match[str]) -> str:
    level, text = heading.groups()
    anchor = re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", strip_tags(text).lower()))
    return f'<h{level} id="{anchor}">{text}</h{level}>'


def blocks(text: str) -> list[dict[str, Any]]:
    """The same text for what is not HTML. A block has a `kind` and, by kind, `spans`, `blocks`,
    `items`, `rows` or `text`; a span has a `text`, its `styles` and the `href` of its link.
    """
    return [_block(node) for node in SyntaxTreeNode(_parser.parse(text)).children]


def _block(node: SyntaxTreeNode) -> dict[str, Any]:
    match node.type:
        case "heading":
            return {"kind": "heading", "level": int(node.tag[1:]), "spans": _spans(node)}
        case "bullet_list" | "ordered_list":
            start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
            items = [[_block(block) for block in item.children] for item in node.children]
            return {"kind": "list", "start": start, "items": items}
        case "blockquote":
            return {"kind": "quote", "blocks": [_block(block) for block in node.children]}
        case "fence" | "code_block":
            return {"kind": "code", "text": node.content}
        case "table":
            rows = [row for part in node.children for row in part.children]
            return {"kind": "table", "rows": [[_spans(cell) for cell in r.children] for r in rows]}
        case "hr":
            return {"kind": "line"}
    return {"kind": "paragraph", "spans": _spans(node)}


def _spans(
    node: SyntaxTreeNode, styles: tuple[str, ...] = (), href: str = ""
) -> list[dict[str, Any]]:
    spans: list[dict[str, Any]] = []
    for child in node.children:
        match child.type:
            case "strong" | "em":
                spans += _spans(child, (*styles, child.type), href)
            case "link":
                address = str(child.attrs.get("href", ""))
                spans += _spans(child, styles, address if LINKS.match(address) else href)
            case "inline":
                spans += _spans(child, styles, href)
            case "softbreak" | "hardbreak":
                spans.append({"text": "\n", "styles": [], "href": ""})
            case "code_inline":
                spans.append({"text": child.content, "styles": [*styles, "code"], "href": href})
            case "text":
                spans.append({"text": child.content, "styles": [*styles], "href": href})
    return spans
