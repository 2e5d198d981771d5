from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.forms import AddressField
from hackathon.event.editions.forms import CreateForm
from hackathon.event.setup.enums import StateChange


class InstallForm(CreateForm):
    code = forms.CharField(
        label=_("Code d’installation"),
        max_length=40,
        help_text=_("Dans la console ou le journal du serveur, par exemple K7Q2M-9XTRW."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    person = forms.CharField(
        label=_("Prénom et nom"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=1000,
        strip=False,
        help_text=_("Au moins 10 caractères, et pas un mot de passe que tout le monde utilise."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = settings.SITE_NAME
        self.fields["slug"].widget = forms.HiddenInput()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class StateForm(forms.Form):
    do = forms.ChoiceField(choices=[(change, change) for change in StateChange])
    typed = forms.CharField(required=False)
