from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import ALWAYS, KEEP, WORK, registry
from hackathon.extras.promises.models import Promise

registry.declare(
    Promise,
    "code digest client_at",
    WORK,
    _("Les engagements de votre équipe : quel fichier, et à quelle heure"),
    beside="team deliverable number size received_at kept_by",
    kept=ALWAYS,
    owner="team__memberships__user",
    anonymise=KEEP,
    because=_("C’est la preuve de ce qui a été rendu, et à quelle heure."),
)
registry.actor(Promise, "recorded_by", _("Les engagements que vous saisissez pour une équipe"))
registry.actor(Promise, "voided_by", _("Les engagements que vous annulez"))
