from django.utils.translation import gettext_lazy as _

from hackathon.core.errors import RefusalCode


class RehearsalRefusal(RefusalCode):
    NO_WORKER = (
        "no_worker",
        _(
            "Ce serveur n’a qu’un processus : lancez la répétition depuis un terminal, avec"
            " « manage.py rehearse »."
        ),
    )
    RUNNING = (
        "rehearsal_running",
        _("Une répétition est en cours : attendez qu’elle finisse, deux minutes au plus."),
    )
    NOT_NOW = (
        "not_before_event",
        _(
            "La répétition remplace l’édition affichée pendant deux minutes : elle n’est possible"
            " que si « {edition} » est affichée et commence dans plus de deux heures."
        ),
    )
