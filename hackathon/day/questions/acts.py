from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry
from hackathon.day.questions.enums import PublishTo

registry.add(
    _("Questions"),
    {
        "question.asked": _("{who} a posé une question ({department})."),
        "question.taken": _("{who} a pris une question ({department})."),
        "question.released": _("{who} a rendu une question ({department})."),
        "question.answered": _("{who} a répondu à une question ({department})."),
        "question.closed": _("{who} a clos une question ({department})."),
        "question.published": _("{who} a publié une réponse pour {to} ({department})."),
        "question.unpublished": _("{who} a retiré une réponse publiée ({department})."),
        "canned_answer.saved": _("{who} a enregistré une réponse toute prête."),
        "canned_answer.deleted": _("{who} a supprimé la réponse toute prête « {text} »."),
    },
    to=PublishTo,
)
