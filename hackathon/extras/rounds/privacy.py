from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import DELETE, HELP, STAFF, Reader, registry
from hackathon.extras.rounds.models import CheckIn, CheckInAnswer, RoundVisit

registry.declare(
    RoundVisit,
    "by",
    STAFF,
    _("Les équipes que vous avez vues pendant votre ronde"),
    beside="team at for_client",
    owner="by",
    erase=DELETE,
    anonymise=DELETE,
    readers=(Reader.YOU, Reader.HELPERS, Reader.JURY, Reader.ORGANIZERS),
)
registry.declare(
    RoundVisit,
    "note",
    STAFF,
    _("Vos notes personnelles sur ces équipes"),
    beside="team at",
    owner="by",
    erase=DELETE,
    anonymise=DELETE,
    readers=(Reader.YOU,),
)
registry.declare(
    CheckInAnswer,
    "answered_by text",
    HELP,
    _("Ce que vous répondez à « Où en êtes-vous ? »"),
    beside="team progress answered_at",
    owner="answered_by",
    anonymise=DELETE,
    because=_("Une réponse est celle de toute l’équipe."),
)
registry.actor(CheckIn, "asked_by", _("Les questions que vous posez à toutes les équipes"))
