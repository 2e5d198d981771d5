"""The pages of organizers about the projectors of an edition."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.views import Request, perform, posted
from hackathon.day.stage.models import Projector
from hackathon.day.stage.projectors import selectors, services
from hackathon.day.stage.projectors.forms import ProjectorForm
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import answer, for_organizers


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def projectors(request: Request, edition: Edition, pk: int | None = None) -> HttpResponse:
    projector = selectors.get_projector_of(edition, pk) if pk else None
    form = ProjectorForm(posted(request), instance=projector)
    return answer(
        request,
        form,
        lambda: services.save(
            edition=edition,
            projector=projector,
            by=request.user,
            at=clock.now(),
            **form.cleaned_data,
        ),
        page="stage/projectors.html",
        context={
            "managed": edition,
            "projectors": edition.projectors.all(),
            "projector": projector,
            "address": _address(request, projector) if projector else "",
        },
        done=_("Les projecteurs sont enregistrés."),
        to=lambda saved: reverse("stage:projector-edit", args=[edition.slug, saved.pk]),
    )


@require_POST
@for_organizers
def renew(request: Request, edition: Edition, pk: int) -> HttpResponse:
    projector = selectors.get_projector_of(edition, pk)
    return perform(
        request,
        lambda: services.renew(projector=projector, by=request.user, at=clock.now()),
        done=_("Les anciennes adresses ne marchent plus : ouvrez la nouvelle sur le projecteur."),
        to=reverse("stage:projector-edit", args=[edition.slug, pk]),
    )


@require_POST
@for_organizers
def remove(request: Request, edition: Edition, pk: int) -> HttpResponse:
    projector = selectors.get_projector_of(edition, pk)
    return perform(
        request,
        lambda: services.remove(projector=projector, by=request.user, at=clock.now()),
        done=_("« %(name)s » est retiré.") % {"name": projector.name},
        to=reverse("stage:projectors", args=[edition.slug]),
    )


def _address(request: HttpRequest, projector: Projector) -> str:
    return request.build_absolute_uri(reverse("stage:projection", args=[projector.key]))
