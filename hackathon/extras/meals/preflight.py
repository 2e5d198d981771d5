from collections.abc import Iterator
from datetime import datetime

from django.shortcuts import resolve_url
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.preflight import Problem, Severity, Topic, registry
from hackathon.event.editions.models import Edition
from hackathon.extras.meals import rules, selectors


@registry.check(
    "meals.plan", Topic.TEAMS, Severity.WARNING, _("Les repas ont une heure, et chacun un plat")
)
def plan(edition: Edition, at: datetime) -> Iterator[Problem]:
    """Nothing if no dish is offered: an edition may do without."""
    dishes = selectors.dishes_of(edition)
    stored = selectors.plan_of(edition)
    if not dishes and stored is None:
        return
    url, label = resolve_url("meals:index", edition.slug), gettext("Régler les repas")
    if stored is None or not dishes:
        yield Problem(gettext("La carte des repas n’est pas complète."), url, label)
        return
    if stored.milestone is None:
        yield Problem(gettext("Les repas n’ont pas d’heure de livraison."), url, label)
    elif stored.closes_at > stored.milestone.at:
        yield Problem(gettext("On choisit encore son repas après l’heure du service."), url, label)
    if stored.default_dish is None and not rules.is_open(stored, at=at):
        missing = sum(eater.dish is None for eater in selectors.eaters_of(edition))
        if missing:
            text = ngettext("{n} personne sans repas.", "{n} personnes sans repas.", missing)
            url = f"{resolve_url('meals:people', edition.slug)}?which=missing"
            yield Problem(text.format(n=missing), url, gettext("Voir qui"))
