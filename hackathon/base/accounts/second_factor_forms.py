from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from hackathon.base.accounts.forms import CodeField


class AuthenticateForm(CodeField, base.AuthenticateForm):
    pass


class ProofForm(CodeField, base.ReauthenticateForm):
    pass


class ActivateForm(CodeField, totp.ActivateTOTPForm):
    pass


class _Answer(forms.JSONField):
    """The JSON answer of a device. allauth accepts `0` and `false` as a new key, and raises for
    other values of a wrong type.
    """

    def __init__(self, kind: Any) -> None:
        super().__init__(widget=forms.HiddenInput)
        self.kind = kind

    def clean(self, value: Any) -> Any:
        answer = super().clean(value)
        try:
            self.kind.from_dict(answer)
        except (LookupError, TypeError, ValueError, RecursionError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return answer


class AddKeyForm(webauthn.AddWebAuthnForm):
    name = forms.CharField(label=_("Nom de la clé"), max_length=60, required=False)
    credential = _Answer(RegistrationResponse)


class GiveKeyForm(webauthn.AuthenticateWebAuthnForm):
    credential = _Answer(AuthenticationResponse)


class ProofByKeyForm(webauthn.ReauthenticateWebAuthnForm):
    credential = _Answer(AuthenticationResponse)


class PasswordProofForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.label, field.help_text = _("Mot de passe"), ""
        field.widget.attrs.pop("placeholder", None)
