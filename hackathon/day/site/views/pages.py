"""Pages that everybody may read at any time."""

import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from hackathon.base.core import clock, markdown
from hackathon.base.core.formats import iso_utc
from hackathon.base.core.views import edition_of
from hackathon.day.site import selectors
from hackathon.day.site.rules import conformity
from hackathon.event.appearance.installed import icons_of, night_of

# What the test of accessibility found (`tests/browser/test_accessibility.py` writes it).
FOUND = Path(__file__).parent.parent / "accessibility.json"
SECURITY_VALID = timedelta(days=180)
FOR_ORGANIZERS = "\n## Pour l’organisation"


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    return render(request, "site/rules.html", {"rules": _rules()})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "site/contact.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    notice = selectors.legal_notice()
    context = {"found": found(), "site": request.get_host(), "notice": notice}
    context["state"] = conformity(notice)
    return render(request, "site/accessibility.html", context)


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """The site as an installed application."""
    edition = edition_of(request)
    name = edition.name if edition else settings.SITE_NAME
    body = {
        "id": "/",
        "name": name,
        "short_name": (edition.short_name if edition else "") or name,
        "lang": "fr",
        "start_url": reverse("site:start"),
        "display": "standalone",
        "background_color": "#f3f2f9",
        "theme_color": night_of(edition),
        "icons": icons_of(edition),
    }
    return JsonResponse(body, content_type="application/manifest+json")


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Search engines need no form, no file and no page of a person."""
    paths = ("/compte/", "/organisation/", "/api/", "/uploads/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in paths)]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@require_safe
def security(_request: HttpRequest) -> HttpResponse:
    """RFC 9116: where vulnerabilities are reported."""
    contact = settings.SECURITY_CONTACT
    lines = [
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {iso_utc(clock.now() + SECURITY_VALID)}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{reverse('site:security')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@cache
def _rules() -> SafeString:
    text = (Path(settings.BASE_DIR) / "docs" / "rules-of-the-day.md").read_text()
    return markdown.document(text.partition(FOR_ORGANIZERS)[0])


@cache
def found() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FOUND.read_text())
    pages = set[str]().union(*read["pages"].values())  # by phase and role
    return {**read, "pages": pages, "checked_on": datetime.fromisoformat(read["checked_on"])}
