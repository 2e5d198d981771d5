from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry
from hackathon.extras.rounds.enums import Progress

registry.add(
    _("Ronde"),
    {
        "round.seen": _("{who} a vu l’équipe « {team} » pendant sa ronde."),
        "round.unseen": _("{who} a effacé que l’équipe « {team} » était vue."),
        "check_in.asked": _("{who} demande à toutes les équipes où elles en sont : {asks_at}."),
        "check_in.cancelled": _("{who} a annulé la question aux équipes ({asks_at})."),
        "check_in.answered": _("{who} a dit où en est l’équipe « {team} » : {progress}."),
    },
    progress=Progress,
)
