from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("En cas de problème"),
    {
        "safety.saved": _("{who} a réglé « En cas de problème »."),
        "emergency.called": _("{who} a prévenu l’organisation d’une urgence."),
        "emergency.taken": _("{who} s’occupe de l’urgence de {person}."),
        "emergency.closed": _("{who} a terminé l’urgence de {person}."),
        "emergency.escalated": _("Personne n’avait répondu : toute l’organisation est prévenue."),
        "emergency.forgotten": _("Les textes des urgences sont effacés ({count})."),
    },
)
