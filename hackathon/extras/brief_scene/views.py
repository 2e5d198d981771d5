"""The scene « Le sujet »: its contents, what projectors fetch, and « salle prête »."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.containers import encrypted_file
from hackathon.base.core.views import Request, edition_of, perform, posted_with_files
from hackathon.day.stage.projectors.selectors import get_projector
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import answer, for_organizers
from hackathon.extras.brief_scene import selectors, services
from hackathon.extras.brief_scene.forms import BriefSceneForm, ReadyForm, ReportForm


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def edit(request: Request, edition: Edition) -> HttpResponse:
    scene, at = selectors.scene_of(edition), clock.now()
    form = BriefSceneForm(*posted_with_files(request), instance=scene)
    return answer(
        request,
        form,
        lambda: services.save(edition=edition, by=request.user, at=at, **form.cleaned_data),
        page="brief_scene/edit.html",
        context={
            "managed": edition,
            "scene": scene,
            "readiness": selectors.readiness(edition, at=at),
        },
        done=_("La scène du sujet est enregistrée."),
        to=lambda _saved: reverse("brief_scene:edit", args=[edition.slug]),
    )


@require_POST
def report(request: HttpRequest, key: str) -> JsonResponse:
    projector = get_projector(edition_of(request), key)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=422)
    known = services.report(projector=projector, at=clock.now(), **form.cleaned_data)
    package = known.package and {
        "id": str(known.package.pk),
        "url": reverse("brief_scene:package", args=[key, known.package.pk]),
        "size": known.package.size,
        "etag": f'"{known.package.sha256}"',
    }
    data = {
        "instant": known.instant.isoformat() if known.instant else "",
        "package": package,
        "key": known.key,
    }
    return JsonResponse(data, headers={"Cache-Control": "no-store"})


@require_safe
def package(request: HttpRequest, key: str, pk: uuid.UUID) -> HttpResponseBase:
    shown = selectors.get_package_for(get_projector(edition_of(request), key), pk)
    return encrypted_file(shown, request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def room_ready(request: HttpRequest, key: str) -> HttpResponse:
    """For a helper in the room: who has this address can do nothing else."""
    at = clock.now()
    projector = selectors.get_projector_to_confirm(edition_of(request), key, at=at)
    if request.method != "POST":
        return render(request, "brief_scene/room_ready.html", {"projector": projector})
    form = ReadyForm(request.POST)
    is_ready = form.is_valid() and form.cleaned_data["is_ready"]
    return perform(
        request,
        lambda: services.say_ready(projector=projector, is_ready=is_ready, at=at),
        done="",
        to=reverse("brief_scene:room-ready", args=[key]),
    )
