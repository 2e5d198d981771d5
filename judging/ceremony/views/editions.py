"""The lasting pages of editions whose results are public, whichever one the site shows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.published import of_published_edition
from judging.ceremony import exports
from judging.ceremony.exports import PRIZES_WITH_NAMES, prizes_of
from judging.ceremony.selectors.editions import edition_lines, edition_record
from judging.ceremony.views.public import envelope_file, text_file
from judging.deliberation.selectors import envelopes as selectors
from submissions.seals.selectors import get_seal_over_all, seals_over_all
from submissions.seals.views import manifest_file


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
def seals(request: HttpRequest, edition: Edition) -> HttpResponse:
    context = {"published": edition, "tab": "seals", "seals": seals_over_all(edition)}
    return render(request, "judging/ceremony/edition_seals.html", context)


@of_published_edition
def seal(_request: HttpRequest, edition: Edition, pk: int) -> HttpResponse:
    """The manifests of departments, which name teams, are for organizers alone."""
    return manifest_file(get_seal_over_all(edition, pk))


@of_published_edition
def press(request: HttpRequest, edition: Edition) -> HttpResponse:
    record, address = edition_record(edition, at=clock.now()), _address(request, edition)
    if file := exported(
        request,
        f"palmares-{edition.slug}",
        PRIZES_WITH_NAMES,
        lambda: prizes_of(record.results),
    ):
        return file
    context = {"published": edition, "tab": "press", "record": record, "address": address}
    context["text"] = exports.press_text(record, address)
    return render(request, "judging/ceremony/press.html", context)


@of_published_edition
def press_text(request: HttpRequest, edition: Edition) -> HttpResponse:
    record = edition_record(edition, at=clock.now())
    text = exports.press_text(record, _address(request, edition))
    return text_file(f"presse-{edition.slug}", text.encode())


def _address(request: HttpRequest, edition: Edition) -> str:
    return request.build_absolute_uri(reverse("judging:edition", args=[edition.slug]))
