from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import ACCOUNT, BLANK, WITH_ACCOUNT, registry
from hackathon.run.privacy.models import Anonymisation, ErasureRequest

registry.declare(
    ErasureRequest,
    "user",
    ACCOUNT,
    _("Quand vous avez demandé l’effacement de vos données, et quand l’organisation a répondu"),
    beside="asked_at settled_at",
    because=_("Cela montre que votre demande a été suivie."),
)
registry.declare(
    ErasureRequest,
    "answer",
    ACCOUNT,
    _("La réponse de l’organisation, si elle n’a pas pu effacer vos données"),
    kept=WITH_ACCOUNT,
    erase=BLANK,
)
registry.actor(ErasureRequest, "settled_by", _("Les demandes d’effacement que vous réglez"))
registry.not_personal("numbers, and keys of files", Anonymisation)
