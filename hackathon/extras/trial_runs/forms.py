from django import forms
from django.utils.translation import gettext_lazy as _


class RehearsalForm(forms.Form):
    confirmed = forms.BooleanField(
        label=_("Je sais que pendant trois minutes tout le monde voit « Répétition »."),
        error_messages={
            "required": _("Cochez la case : pendant ce temps, l’édition n’est pas visible.")
        },
    )
