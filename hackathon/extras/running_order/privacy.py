from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import BLANK, STAFF, Reader, registry
from hackathon.extras.running_order.models import Step

registry.actor(Step, "done_by", _("Les étapes du déroulé que vous avez cochées"))
registry.declare(
    Step,
    "who",
    STAFF,
    _("Votre nom dans le déroulé de l’organisation, si quelqu’un l’y a écrit"),
    purpose=_("Savoir qui fait quoi, et où, pendant la journée."),
    readers=(Reader.ORGANIZERS, _("les personnes qui aident")),
    erase=BLANK,
    anonymise=BLANK,
)
registry.not_personal("what is done, and where", Step, only="title place")
