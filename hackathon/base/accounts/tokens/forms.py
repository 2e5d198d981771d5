from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts.models import ApiToken
from hackathon.base.core.scopes import Scope

DAYS = {1: _("1 jour"), 7: _("7 jours"), 30: _("30 jours"), 90: _("90 jours"), 365: _("1 an")}


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Nom"),
        max_length=ApiToken._meta.get_field("name").max_length,
        help_text=_("Le programme qui s’en servira : « robot Mattermost »."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Ce que le programme peut faire"),
        choices=Scope.choices,
        initial=[Scope.READ],
        help_text=_(
            "Jamais plus que vous-même. Si vous organisez : « Rendre » ne donne aucun des droits"
            " de l’organisation."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(
        label=_("Valable"), choices=list(DAYS.items()), coerce=int, initial=7
    )
