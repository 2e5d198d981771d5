"""Forms around sign-in."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hackathon.accounts.models import User


class SignupNameForm(forms.Form):
    """What is asked beside the address when somebody opens an account."""

    name = forms.CharField(label=_("Prénom et nom"), max_length=120)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account exists."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
