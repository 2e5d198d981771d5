from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class VoiceRefusal(RefusalCode):
    TOO_EARLY = "voices_too_early", _("Les questions s’ouvrent avec les résultats.")
    ANSWERED = "voices_answered", _("Quelqu’un a déjà répondu : les questions ne changent plus.")
    CHANGED = "voices_changed", _("La phrase a changé ou n’est plus là : relisez la page.")
