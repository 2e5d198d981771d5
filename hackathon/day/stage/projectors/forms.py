from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm


class ProjectorForm(EditingForm):
    name = forms.CharField(label=_("Nom"), max_length=60, help_text=_("Par exemple « Amphi Est »."))
    room = forms.CharField(label=_("Salle"), max_length=60, required=False)
