from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import BLANK, STAFF, Reader, registry
from hackathon.event.appearance.models import Picture

registry.declare(
    Picture,
    "content",
    STAFF,
    _("L’image de la signature des attestations"),
    edition="edition",
    anonymise=BLANK,
    exported=None,
    readers=(Reader.EVERYONE,),
)
registry.not_personal("of the picture's content", Picture, only="digest")
