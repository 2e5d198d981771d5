from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import Basis, Reader, Subject, registry
from hackathon.extras.photographs.models import ImageRight, Photograph

PHOTOGRAPHS = Subject(
    "photographs",
    _("Les photos de la journée"),
    _("Montrer la journée, sans montrer personne qui ne l’ait voulu."),
    (Reader.ORGANIZERS,),
    Basis.CONSENT,
)

registry.declare(
    ImageRight,
    "user",
    PHOTOGRAPHS,
    _("Si vous voulez bien paraître sur les photos publiées, et depuis quand"),
    beside="edition agrees answered_at",
    readers=(Reader.YOU, Reader.ORGANIZERS),
)
registry.declare(
    Photograph,
    "large small caption",
    PHOTOGRAPHS,
    _("Les photos où votre équipe est nommée, et leur légende"),
    beside="edition added_at",
    owner="teams__memberships__user",
    among=Q(shows_nobody=False),
    readers=(Reader.ORGANIZERS, _("tout le monde, si toutes les personnes nommées le veulent")),
)
registry.actor(Photograph, "added_by", _("Les photos de la journée que vous ajoutez"))
registry.not_personal("a digest of a file", Photograph, only="sha256")
