from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import ENTRY, Basis, Kept, Reader, registry
from hackathon.base.push.models import Delivery, Subscription

WITH_SESSION = Kept(_("jusqu’à ce que vous vous déconnectiez sur cet appareil"), "prune")

registry.declare(
    Subscription,
    "user language",
    ENTRY,
    _("Les appareils que le site avertit, si vous l’avez demandé"),
    beside="made_at",
    basis=Basis.CONSENT,
    kept=WITH_SESSION,
)
registry.declare(
    Subscription,
    "endpoint p256dh auth",
    ENTRY,
    _("L’adresse secrète et les clés de votre navigateur, pour l’avertir"),
    basis=Basis.CONSENT,
    kept=WITH_SESSION,
    exported=None,
    readers=(Reader.OPERATOR,),
)
registry.declare(
    Delivery,
    "key",
    ENTRY,
    _("Quelles notifications votre appareil a reçues, et quand"),
    beside="claimed_at sent_at",
    basis=Basis.CONSENT,
    kept=WITH_SESSION,
    owner="subscription__user",
)
