from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.extras.favourite.models import Favourite

BADGES_MAX = 800


class FavouriteForm(EditingForm):
    title = forms.CharField(
        label=_("Nom du prix"),
        max_length=80,
        required=False,
        help_text=_("Par exemple « Coup de cœur du public ». Vide : pas de vote."),
    )
    only_presented = forms.BooleanField(
        label=_("On vote seulement pour les équipes passées sur scène"),
        help_text=_("Sinon, ou sans passages : pour toutes les équipes présentes."),
        required=False,
    )

    def __init__(self, data: Any = None, *, favourite: Favourite | None) -> None:
        super().__init__(data, instance=favourite or Favourite())


class BadgesForm(forms.Form):
    count = forms.IntegerField(
        label=_("Combien de badges"), min_value=1, max_value=BADGES_MAX, initial=40
    )


class RevokeForm(forms.Form):
    first = forms.IntegerField(label=_("Du numéro"), min_value=1, max_value=10**6)
    last = forms.IntegerField(label=_("au numéro"), min_value=1, max_value=10**6)
