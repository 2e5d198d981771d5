"""Decks for the projectors that have a key."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.core import clock
from hackathon.core.views import accepted, edition_of, posted
from hackathon.stage.forms import DecksForm
from hackathon.stage.projectors import services
from hackathon.stage.projectors.selectors import get_projector
from judging.ceremony.selectors.decks import decks_to_store, get_deck_to_store
from submissions.files import content_response, copy_response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decks(request: HttpRequest, key: str) -> HttpResponse:
    """What the projector stores. By POST it says how many of them it has."""
    projector = get_projector(edition_of(request), key)
    form = DecksForm(posted(request))
    if form.is_bound:
        at = clock.now()
        sent = accepted(
            form,
            lambda: services.report_decks(projector=projector, at=at, **form.cleaned_data),
        )
        return HttpResponse(status=204 if sent else 422)
    stored = decks_to_store(projector.edition, at=clock.now())
    listed = [{"id": deck.submission.pk, "size": deck.size} for deck in stored if deck.submission]
    return JsonResponse({"decks": listed})


@require_safe
def deck(request: HttpRequest, key: str, pk: int) -> HttpResponseBase:
    projector = get_projector(edition_of(request), key)
    shown = get_deck_to_store(projector.edition, pk, at=clock.now())
    assert shown.submission is not None
    if shown.uses_copy:
        return copy_response(shown.submission, request)
    return content_response(shown.submission, request, inline=True)
