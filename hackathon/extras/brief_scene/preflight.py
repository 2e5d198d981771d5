from collections.abc import Iterator
from datetime import datetime, timedelta

from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.preflight import Problem, Severity, Topic, registry
from hackathon.event.editions.models import Edition
from hackathon.extras.brief_scene import selectors
from hackathon.extras.brief_scene.enums import ShowKind

SOON = timedelta(hours=1)


@registry.check(
    "brief_scene.contents",
    Topic.BRIEFS,
    Severity.WARNING,
    _("Les projecteurs ont un film ou des diapositives à montrer à l’heure du sujet"),
)
def contents(edition: Edition, at: datetime) -> Iterator[Problem]:
    readiness = selectors.readiness(edition, at=at)
    if not readiness.projectors:
        return
    url = resolve_url("brief_scene:edit", edition.slug)
    if readiness.scene.kind == ShowKind.NONE:
        text = gettext("La scène « Le sujet » n’a ni film ni diapositives.")
        yield Problem(text, url, gettext("Choisir un fichier"))
    elif readiness.is_broken:
        text = gettext("Le PDF de la scène « Le sujet » ne s’ouvre pas.")
        yield Problem(text, url, gettext("Choisir un autre fichier"))


@registry.check(
    "brief_scene.shown",
    Topic.BRIEFS,
    Severity.BLOCKER,
    _("À l’heure du sujet, les projecteurs montrent le sujet"),
)
def shown(edition: Edition, at: datetime) -> Iterator[Problem]:
    instead = selectors.readiness(edition, at=at).instead
    if instead is not None:
        text = gettext("À l’heure du sujet, les projecteurs montreront autre chose : {scene}.")
        remedy = gettext("Choisir la scène « Automatique »")
        yield Problem(text.format(scene=instead.label), resolve_url("stage:choose"), remedy)


@registry.check(
    "brief_scene.loaded",
    Topic.BRIEFS,
    Severity.BLOCKER,
    _("Une heure avant le sujet, les projecteurs ont chargé ce qu’ils montreront"),
)
def loaded(edition: Edition, at: datetime) -> Iterator[Problem]:
    readiness = selectors.readiness(edition, at=at)
    instant = readiness.instant
    if instant is None or not instant - SOON <= at < instant:
        return
    for state in readiness.projectors:
        if not state.has_package or state.is_silent:
            text = gettext("Le projecteur « {projector} » n’a rien chargé, ou ne répond plus.")
            url = resolve_url("stage:projector-edit", edition.slug, state.projector.pk)
            text = text.format(projector=state.projector.name)
            yield Problem(text, url, gettext("Ouvrir son adresse sur cet ordinateur"))
