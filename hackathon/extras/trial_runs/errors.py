from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class RehearsalRefusal(RefusalCode):
    NO_WORKER = (
        "no_worker",
        _(
            "La répétition ne peut ni commencer ni finir : un processus ne donne plus signe de vie"
            " ({names}). Redémarrez-le d’abord."
        ),
    )
    RUNNING = (
        "rehearsal_running",
        _("Une répétition est en cours : attendez qu’elle finisse, trois minutes au plus."),
    )
    NOT_NOW = (
        "not_before_event",
        _(
            "La répétition remplace l’édition affichée pendant trois minutes : elle n’est possible"
            " que si « {edition} » est affichée et commence dans plus de deux heures."
        ),
    )
