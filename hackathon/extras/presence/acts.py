from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Présence"),
    {
        "presence.ticked": _("{who} a noté la présence à « {name} » ({count})."),
        "presence.said": _("{who} a dit être là, à « {name} »."),
        "presence.set_up": _("{who} a réglé qui note la présence, et qui la confirme."),
        "presence.exported": _("{who} a téléchargé la liste des présences."),
        "moment.saved": _("{who} a enregistré le moment d’appel « {name} »."),
        "moment.deleted": _("{who} a retiré le moment d’appel « {name} »."),
    },
)
