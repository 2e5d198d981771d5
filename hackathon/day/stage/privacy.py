from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import registry
from hackathon.day.stage.models import Projector, ScreenChoice

registry.actor(ScreenChoice, "chosen_by", _("Les scènes que vous affichez"))
registry.actor(Projector, "created_by", _("Les projecteurs que vous ajoutez"))
registry.not_personal("what projectors show", Projector)
registry.not_personal("one of the scenes", ScreenChoice, only="scene")
