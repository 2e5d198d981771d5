from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class StepRefusal(RefusalCode):
    NOT_EMPTY = "steps_not_empty", _("Le déroulé a déjà des lignes : complétez-les.")
