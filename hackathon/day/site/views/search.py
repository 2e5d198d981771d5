from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hackathon.base.core.views import Request, is_htmx
from hackathon.day.site.search import search
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers


@require_safe
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    """A page; with htmx the dialog, or with a text what was found."""
    text = request.GET.get("q", "")[:80]
    template = "site/search.html"
    if is_htmx(request):
        template = "site/_found.html" if "q" in request.GET else "site/_search_dialog.html"
    context = {"groups": search(edition, text), "text": text, "managed": edition}
    return render(request, template, context)
