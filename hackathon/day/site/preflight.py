from collections.abc import Iterator
from datetime import datetime

from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.preflight import Problem, Severity, Topic, registry
from hackathon.day.site import rules, selectors
from hackathon.event.editions.models import Edition


@registry.check(
    "legal.notice",
    Topic.NOTICE,
    Severity.WARNING,
    _("Le site dit qui en répond, comme la loi le demande"),
)
def legal_notice(edition: Edition, at: datetime) -> Iterator[Problem]:
    if missing := rules.missing(selectors.legal_notice()):
        text = gettext("Les mentions légales sont à compléter : {what}.")
        text = text.format(what=", ".join(missing))
        yield Problem(text, resolve_url("site:legal-edit"), gettext("Les compléter"))
