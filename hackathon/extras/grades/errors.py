from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class GradeRefusal(RefusalCode):
    NO_MARK = "grade_no_mark", _("Écrivez la note, de 0 à 20, au centième au plus.")
    NO_REASON = "grade_no_reason", _("Écrivez le motif : la personne le lit.")
