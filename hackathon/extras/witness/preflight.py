from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.shortcuts import resolve_url
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.preflight import Problem, Severity, Topic, registry
from hackathon.event.editions.models import Edition
from hackathon.extras.witness.selectors import late_stamps


@registry.check(
    "witness.stamps",
    Topic.DELIVERABLES,
    Severity.WARNING,
    _("Les autorités d’horodatage répondent"),
)
def stamps(edition: Edition, at: datetime) -> Iterator[Problem]:
    for host, late in groupby(late_stamps(edition), key=lambda stamp: stamp.host):
        errors = [stamp.error for stamp in late]
        text = ngettext(
            "{host} n’a pas horodaté {n} empreinte ({error}) : le site redemande.",
            "{host} n’a pas horodaté {n} empreintes ({error}) : le site redemande.",
            len(errors),
        )
        text = text.format(host=host, n=len(errors), error=errors[-1] or gettext("sans réponse"))
        yield Problem(text, resolve_url("submissions:seals", edition.slug), gettext("Scellés"))
