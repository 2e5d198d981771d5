from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import SHOWN, TEAM, Reader, registry
from hackathon.extras.voices.models import Ballot, Sentence, Survey

registry.declare(
    Ballot,
    "voters",
    TEAM,
    _("Que vous avez répondu aux questions après la journée, jamais quoi"),
    edition="survey__edition",
    readers=(Reader.YOU, Reader.OPERATOR),
    exported=None,
)
registry.declare(
    Sentence,
    "text",
    SHOWN,
    _("La phrase que vous signez pour la page de la presse"),
    owner="membership__user",
    edition="membership__edition",
    beside="accepted_at",
    readers=(Reader.YOU, Reader.ORGANIZERS, _("tout le monde, une fois acceptée")),
)
registry.not_personal("answers that belong to no person", Ballot, only="answers")
registry.not_personal("questions, and answers that belong to no person", Survey)
