from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.core.editing import EditingForm
from hackathon.stage.models import Projector


class ProjectorForm(EditingForm):
    name = forms.CharField(label=_("Nom"), max_length=60, help_text=_("Par exemple « Amphi Est »."))
    room = forms.CharField(label=_("Salle"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, projector: Projector | None) -> None:
        names = ("name", "room")
        initial = {name: getattr(projector, name) for name in names} if projector else {}
        super().__init__(data, initial=initial)
