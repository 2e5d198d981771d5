from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import Reader, Subject, registry
from hackathon.extras.grades.models import OwnGrade

GRADES = Subject(
    "grades",
    _("Votre note à part"),
    _("Donner à une personne une autre note qu’à son équipe, et lui dire pourquoi."),
    (Reader.YOU, Reader.ORGANIZERS),
)

registry.declare(
    OwnGrade,
    "user reason",
    GRADES,
    _("Votre note, si ce n’est pas celle de votre équipe, et son motif"),
    beside="edition kind mark set_at",
)
registry.actor(OwnGrade, "set_by", _("Les notes à part que vous donnez"))
