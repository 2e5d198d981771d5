"""The lasting pages of editions whose results are public, whichever one the site shows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.core import clock
from hackathon.core.exports import exported
from hackathon.editions.models import Edition
from hackathon.editions.views.published import of_published_edition
from judging.ceremony.exports import PRIZES_WITH_NAMES, prizes_of
from judging.ceremony.selectors.editions import edition_lines, edition_record
from judging.ceremony.views.public import envelope_file, text_file
from judging.deliberation.selectors import envelopes as selectors


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"lines": edition_lines(at=clock.now())}
    return render(request, "judging/ceremony/editions.html", context)


@of_published_edition
def detail(request: HttpRequest, edition: Edition) -> HttpResponse:
    record = edition_record(edition, at=clock.now())
    context = {"published": edition, "tab": "palmares", "record": record}
    return render(request, "judging/ceremony/edition.html", context)


@of_published_edition
def envelopes(request: HttpRequest, edition: Edition) -> HttpResponse:
    shown = selectors.envelopes(edition, at=clock.now())
    context = {"published": edition, "tab": "envelopes", "envelopes": shown}
    return render(request, "judging/ceremony/edition_envelopes.html", context)


@of_published_edition
def envelope(_request: HttpRequest, edition: Edition, code: str) -> HttpResponse:
    return envelope_file(edition, code)


@of_published_edition
def press(request: HttpRequest, edition: Edition) -> HttpResponse:
    context = _for_press(request, edition)
    name, results = f"palmares-{edition.slug}", context["record"].results
    if file := exported(request, name, PRIZES_WITH_NAMES, lambda: prizes_of(results)):
        return file
    return render(request, "judging/ceremony/press.html", {**context, "tab": "press"})


@of_published_edition
def press_text(request: HttpRequest, edition: Edition) -> HttpResponse:
    text: str = _for_press(request, edition)["text"]
    return text_file(f"presse-{edition.slug}", text.encode())


def _for_press(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """`text` says the same without layout."""
    address = reverse("judging:edition", args=[edition.slug])
    context = {
        "published": edition,
        "record": edition_record(edition, at=clock.now()),
        "address": request.build_absolute_uri(address),
    }
    text = render_to_string("judging/ceremony/press.txt", context).strip()
    return {**context, "text": f"{text}\n"}
