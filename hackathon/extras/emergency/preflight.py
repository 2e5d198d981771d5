from collections.abc import Iterator
from datetime import datetime

from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.preflight import Problem, Severity, Topic, registry
from hackathon.event.editions.models import Edition
from hackathon.extras.emergency import selectors


@registry.check(
    "emergency.people",
    Topic.PEOPLE,
    Severity.WARNING,
    _("En cas d’urgence, quelqu’un est prévenu, et chacun sait qui appeler"),
)
def people(edition: Edition, _at: datetime) -> Iterator[Problem]:
    """Two queries."""
    url = resolve_url("emergency:settings", edition.slug)
    notice, remedy = selectors.notice_of(edition), gettext("Régler « En cas de problème »")
    if notice is None or not notice.text:
        text = gettext("Aucune consigne n’est écrite : poste de sécurité, infirmerie, numéros.")
        yield Problem(text, url, remedy)
    count = selectors.named(edition).count()
    if not count:
        text = gettext("Personne n’est désigné : toute l’organisation serait prévenue.")
        yield Problem(text, url, remedy)
    elif count == 1:
        yield Problem(gettext("Une seule personne est désignée pour les urgences."), url, remedy)
