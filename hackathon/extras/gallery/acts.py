from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry
from hackathon.extras.gallery.enums import Opening

registry.add(
    _("Galerie"),
    {
        "gallery.planned": _("{who} a réglé la galerie : {opening}."),
        "gallery_guest.invited": _("{who} a fait un lien vers la galerie pour « {guest} »."),
        "gallery_guest.withdrawn": _("{who} a retiré le lien vers la galerie de « {guest} »."),
        "project_sentence.written": _("{who} a écrit la phrase du projet de « {team} »."),
    },
    opening=Opening,
)
