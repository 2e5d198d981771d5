"""The folder `docs` at the addresses of its files, so that the links between them hold."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hackathon.base.core import markdown
from hackathon.base.core.views import Request

FOLDER = Path(settings.BASE_DIR) / "docs"


@require_safe
def document(request: Request, file: str) -> HttpResponseBase:
    path = _files().get(file)
    if path is None:
        raise Http404
    if path.suffix == ".webp":
        return FileResponse(path.open("rb"), content_type="image/webp")
    text = path.read_text()
    title = text.partition("\n")[0].removeprefix("# ")
    context = {"file": file, "title": title, "html": markdown.document(text)}
    return render(request, "guide/document.html", context)


@cache
def _files() -> dict[str, Path]:
    """Nothing else of the disk can be named."""
    paths = [path for pattern in ("*.md", "*.webp") for path in FOLDER.rglob(pattern)]
    return {path.relative_to(FOLDER).as_posix(): path for path in paths}
