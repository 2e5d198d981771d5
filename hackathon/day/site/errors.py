from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class LegalNoticeRefusal(RefusalCode):
    AUDIT_INCOMPLETE = (
        "audit_incomplete",
        _("L’audit a été fait : donnez son taux, sa date, qui l’a fait et sur quelles pages."),
    )
    AUDIT_LATER = "audit_later", _("L’audit ne peut pas dater de demain ou d’après.")
