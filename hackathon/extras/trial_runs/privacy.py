from django.utils.translation import gettext_lazy as _

from hackathon.base.core.personal_data import registry
from hackathon.extras.trial_runs.models import SmallRehearsal

registry.actor(SmallRehearsal, "begun_by", _("Les répétitions que vous lancez"))
registry.not_personal("about made-up people", SmallRehearsal, only="numbers report")
