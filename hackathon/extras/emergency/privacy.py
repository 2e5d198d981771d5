from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import BLANK, STAFF, Kept, Reader, Subject, registry
from hackathon.extras.emergency.models import Emergency, SafetyNotice
from hackathon.extras.emergency.rules import TEXT_KEPT

EMERGENCY = Subject(
    "emergency",
    _("Vos appels en cas d’urgence"),
    _("Vous porter secours, et savoir qu’on vous a répondu."),
    (
        Reader.YOU,
        _("les deux personnes désignées pour les urgences"),
        Reader.ORGANIZERS,
    ),
)

registry.actor(
    Emergency,
    "called_by",
    _("Quand vous avez prévenu l’organisation d’une urgence"),
    subject=EMERGENCY,
)
registry.declare(
    Emergency,
    "text",
    EMERGENCY,
    _("Ce que vous avez écrit"),
    owner="called_by",
    beside="called_at",
    kept=Kept(_("%(days)s jours") % {"days": TEXT_KEPT.days}, "emergency-texts"),
    erase=BLANK,
    anonymise=BLANK,
)
registry.actor(
    Emergency,
    "taken_by closed_by",
    _("Les urgences dont vous vous êtes occupé, et celles que vous avez terminées"),
    subject=EMERGENCY,
)
for _field in ("first", "second"):
    registry.declare(
        SafetyNotice,
        _field,
        STAFF,
        _("Que vous êtes prévenu des urgences"),
        owner=_field,
        erase=BLANK,
        anonymise=BLANK,
    )
registry.not_personal("what the school tells everybody", SafetyNotice, only="text")
