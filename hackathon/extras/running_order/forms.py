from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.forms import InstantField, model_fields
from hackathon.base.core.tables import RowForm
from hackathon.extras.running_order.models import Step

SPARE_ROWS = 4


class StepRow(RowForm, forms.Form):
    at = InstantField(label=_("Heure"))
    locals().update(model_fields(Step, ("title", "who", "place")))
