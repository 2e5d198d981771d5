from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hackathon.base.core import clock
from hackathon.event.editions.selectors import get_published_edition


def of_published_edition(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the edition to the view in place of its slug, with its time zone active.

    404 for everybody, organizers included, until its results are public.
    """

    @never_cache
    @require_safe
    @wraps(view)
    def wrapped(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponse:
        edition = get_published_edition(slug, at=clock.now())
        with timezone.override(edition.zone):
            return view(request, edition, **kwargs)

    return wrapped
