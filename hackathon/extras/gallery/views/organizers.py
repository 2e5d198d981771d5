from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.extras.gallery import selectors, services
from hackathon.extras.gallery.enums import Opening
from hackathon.extras.gallery.forms import GalleryForm, GuestForm
from hackathon.extras.gallery.models import Guest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def settings(request: Request, edition: Edition) -> HttpResponse:
    form = GalleryForm(posted(request), edition=edition)
    if accepted(
        form,
        lambda: services.save(
            edition=edition,
            opening=Opening(form.cleaned_data["opening"]),
            opens_at=form.cleaned_data["opens_at"],
            shown=form.cleaned_data["shown"],
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("La galerie est réglée."))
        return redirect("gallery:settings", edition.slug)
    return form_page(
        request, "gallery/settings.html", form, guest_form=GuestForm(), **_context(request, edition)
    )


@never_cache
@require_POST
@for_organizers
def invite(request: Request, edition: Edition) -> HttpResponse:
    form = GuestForm(request.POST)
    if accepted(
        form,
        lambda: services.invite(
            edition=edition, by=request.user, at=clock.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("Le lien est prêt : copiez-le et envoyez-le."))
        return redirect(reverse("gallery:settings", args=[edition.slug]) + "#guests")
    context = {"form": GalleryForm(edition=edition), "guest_form": form}
    context |= _context(request, edition)
    return render(request, "gallery/settings.html", context, status=422)


@require_POST
@for_organizers
def withdraw(request: Request, edition: Edition, pk: int) -> HttpResponse:
    guest = selectors.get_guest(edition, pk)
    return perform(
        request,
        lambda: services.withdraw(guest=guest, by=request.user, at=clock.now()),
        done=_("Le lien de « %(name)s » ne marche plus.") % {"name": guest.name},
        to=reverse("gallery:settings", args=[edition.slug]) + "#guests",
    )


def _context(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    def line(guest: Guest) -> dict[str, Any]:
        path = reverse("gallery:guest-index", args=[guest.key])
        return {"guest": guest, "address": request.build_absolute_uri(path)}

    return {
        "managed": edition,
        "opens_at": selectors.opens_at(edition),
        "counts": selectors.counts_of(edition),
        "hidden": selectors.hidden_teams(edition),
        "guests": [line(guest) for guest in edition.guests.all()],
        "now": clock.now(),
    }
