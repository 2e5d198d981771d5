"""The folder `docs` at the addresses of its files, so that the links between them hold."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from hackathon.base.core.typography import spaced
from hackathon.base.core.views import Request

FOLDER = Path(settings.BASE_DIR) / "docs"
HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>")

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


@require_safe
def document(request: Request, file: str) -> HttpResponseBase:
    path = _files().get(file)
    if path is None:
        raise Http404
    if path.suffix == ".webp":
        return FileResponse(path.open("rb"), content_type="image/webp")
    return render(request, "guide/document.html", {"file": file, **_page(path)})


@cache
def _files() -> dict[str, Path]:
    """Nothing else of the disk can be named."""
    paths = [path for pattern in ("*.md", "*.webp") for path in FOLDER.rglob(pattern)]
    return {path.relative_to(FOLDER).as_posix(): path for path in paths}


@cache
def _page(path: Path) -> dict[str, str]:
    html = rendered(path.read_text())
    return {"title": strip_tags(html.partition("</h1>")[0]), "html": html}


def rendered(text: str) -> SafeString:
    """Of our own files, so that nothing is sanitised; headings have the anchors of GitHub."""
    tokens = _parser.parse(text)
    for child in (child for token in tokens for child in token.children or ()):
        if child.type == "text":
            child.content = spaced(child.content)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(HEADING.sub(_with_anchor, html))  # noqa: S308 - a file of this repository


def _with_anchor(heading: re.Match[str]) -> str:
    level, text = heading.groups()
    anchor = re.sub(r"[^\w\- ]", "", strip_tags(text).lower()).replace(" ", "-")
    return f'<h{level} id="{anchor}">{text}</h{level}>'
