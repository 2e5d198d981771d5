from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Recherches d’équipe"),
    {
        "search.written": _("{who} cherche une équipe."),
        "search.removed": _("{who} a retiré la ligne de {person}, qui cherche une équipe."),
        "search.removed/own": _("{who} ne cherche plus d’équipe."),
        "wanted.written": _("{who} cherche des membres pour l’équipe « {team} »."),
        "wanted.removed": _("L’équipe « {team} » ne cherche plus de membres ({who})."),
        "invitation.sent": _("{who} a invité {person} dans l’équipe « {team} »."),
        "invitation.declined": _("{who} a refusé l’invitation de l’équipe « {team} »."),
    },
)
