import re
from email.utils import parseaddr

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, posted_with_files
from hackathon.event.appearance import rules, selectors, services
from hackathon.event.appearance.enums import PictureKind
from hackathon.event.appearance.forms import AppearanceForm
from hackathon.event.editions.enums import Theme
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import answer, for_organizers

# Their addresses say their whole content, so they never change.
forever = cache_control(public=True, immutable=True, max_age=365 * 24 * 3600)
SIZES = (64, selectors.HEADER, 180, 192, 512)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def edit(request: Request, edition: Edition) -> HttpResponse:
    form = AppearanceForm(*posted_with_files(request), edition=edition)
    return answer(
        request,
        form,
        lambda: services.update(
            edition=edition,
            pictures={kind: services.draw(form.cleaned_data[kind]) for kind in PictureKind},
            by=request.user,
            at=clock.now(),
            **form.changes(),
        ),
        page="appearance/edit.html",
        context={
            "managed": edition,
            "palette": rules.palette(edition.color, edition.accent),
            "mended": rules.is_mended(edition.color, edition.accent),
            "sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[0],
            **selectors.shown_pictures(edition),
        },
        done=_("L’apparence est enregistrée."),
        to=lambda _saved: reverse("appearance:edit", args=[edition.slug]),
    )


@require_safe
@forever
def stylesheet(_request: Request, theme: str, colors: str) -> HttpResponse:
    """`colors`: both in hexadecimal without `#`, or `x` for ours: `1b4f9c-x`."""
    if theme not in Theme.values or not re.fullmatch(r"([0-9a-f]{6}|x)-([0-9a-f]{6}|x)", colors):
        raise Http404
    color, accent = ("" if part == "x" else f"#{part}" for part in colors.split("-"))
    return HttpResponse(rules.stylesheet(theme, color, accent), content_type="text/css")


@require_safe
@forever
def logo(_request: Request, digest: str, size: int) -> HttpResponse:
    if size not in SIZES:
        raise Http404
    return HttpResponse(selectors.logo_of_size(digest, size), content_type="image/png")
