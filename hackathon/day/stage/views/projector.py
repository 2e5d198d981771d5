from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.extras import ProjectorScene
from hackathon.base.core.views import (
    Request,
    accepted,
    dialog,
    dialog_done,
    edition_of,
    posted,
)
from hackathon.day.stage import rules, selectors, services
from hackathon.day.stage.forms import SceneForm
from hackathon.day.stage.policies import WITH_DECKS
from hackathon.day.stage.projectors.selectors import get_projector
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import organized_edition


@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """The projector. It shows only what is public, also if a user is signed in."""
    return render(request, "stage/projector.html", _stage(request))


@never_cache
@csp_override(WITH_DECKS)
@require_safe
def projection(request: HttpRequest, key: str) -> HttpResponse:
    """The page of one projector, which its key names."""
    return render(request, "stage/projector.html", _stage(request, key))


@never_cache
@require_safe
def stage(request: HttpRequest, key: str = "") -> HttpResponse:
    return render(request, "stage/projector/_stage.html", _stage(request, key))


@require_safe
def watch(request: HttpRequest, key: str = "") -> HttpResponse:
    """For projectors when the server is away. A service worker's scope is what is below its own
    address.
    """
    if key:
        get_projector(edition_of(request), key)
    template = "stage/projector/watch.js"
    return render(request, template, content_type="text/javascript; charset=utf-8")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request) -> HttpResponse:
    edition = organized_edition(request.user, edition_of(request))
    at = clock.now()
    form = SceneForm(posted(request), edition=edition, department=request.GET.get("room", ""))

    def save() -> None:
        department, scene = form.department, form.cleaned_data["scene"]
        if department is not None and form.follows_others:
            services.follow_others(edition=edition, department=department, by=request.user, at=at)
        else:
            services.choose(
                edition=edition, department=department, scene=scene, by=request.user, at=at
            )

    if accepted(form, save):
        return dialog_done(request, _confirmation(edition, form), to="control_room:control")
    return dialog(
        request,
        _("Grand écran"),
        "stage/_scenes.html",
        form,
        tiles=selectors.scene_tiles(edition, at=at),
        lines=selectors.screen_lines(edition, [], at=at),
    )


def _confirmation(edition: Edition, form: SceneForm) -> str:
    where = form.department.name if form.department else _("tous les écrans")
    if form.follows_others:
        return _("Comme partout : %(where)s.") % {"where": where}
    scene = rules.find_scene(edition, form.cleaned_data["scene"])
    return _("%(scene)s : %(where)s.") % {"scene": scene and scene.label, "where": where}


def _stage(request: HttpRequest, key: str = "") -> dict[str, Any]:
    edition = edition_of(request)
    projector = get_projector(edition, key) if key else None
    code = request.GET.get("room", "") if projector is None else ""
    if edition is None:
        return {"stage": None}
    stage = selectors.stage(edition, code, has_name=projector is not None, at=clock.now())
    # The frame of the page shows the same clock as the stage.
    context = {"stage": stage, "clock": stage.clock, "code": code, "projector": projector}
    if isinstance(stage.scene, ProjectorScene):
        context["of_extra"] = stage.scene.render(request, edition, projector)
    return context
