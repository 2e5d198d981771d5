from typing import Any, Self
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ChangePasswordForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    ConfirmPasswordResetCodeForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context, ratelimit
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts import attempts, services
from hackathon.base.accounts.entrance import Entrance
from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.accounts.rules import domains_text
from hackathon.base.core import clock
from hackathon.base.core.forms import AddressField, AddressInput

EMAIL_LABEL = _("Adresse e-mail")


def _email_widget(**attrs: str) -> AddressInput:
    return AddressInput(attrs={"autocomplete": "email", "inputmode": "email", **attrs})


def _set_password_texts(field: forms.Field, label: Any, help_text: Any = "") -> None:
    field.label = label
    field.help_text = help_text
    field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """The page shows `code_form` and `password_form`; only the posted one has errors."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_password = self.is_bound and "password" in self.data
        if self.is_bound and not self.by_password:
            del self.fields["password"]
        self._set_texts()

    def _setup_password_field(self) -> None:
        """Do nothing: allauth would remove the field, because sign-up asks for no password."""

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict[str, Any]:
        """As allauth does, with our counts. Who may not ask for a code gets one that opens the
        account in any browser, so that strangers close no account to its owner.
        """
        if not email:
            self.add_error("login", get_adapter().validation_error("invalid_login"))
        elif not attempts.count(context.request, "request_login_code", email):
            if attempts.is_time_for_mail(context.request, email):
                services.mail_entry_code(email, at=clock.now())
            self.add_error("login", get_adapter().validation_error("too_many_codes"))
        else:
            users = filter_users_by_email(
                email, is_active=True, prefer_verified=True, for_login=True
            )
            self.user = users[0] if users else None
        return self.cleaned_data

    def _login_by_code(
        self, request: HttpRequest, redirect_url: str | None, credentials: dict[str, Any]
    ) -> HttpResponse:
        Entrance.initiate(request=request, user=self.user, email=credentials["email"])
        query = urlencode({"next": redirect_url}) if redirect_url else ""
        return redirect(f"{reverse('account_confirm_login_code')}{query and '?'}{query}")

    def _set_texts(self) -> None:
        self.fields["login"].label = EMAIL_LABEL
        if settings.SIGNUP_DOMAINS:
            self.fields["login"].help_text = _(
                "La première fois, votre adresse en %(domains)s."
            ) % {"domains": domains_text()}
        self.fields["login"].widget = _email_widget(placeholder="")
        if "password" in self.fields:
            _set_password_texts(self.fields["password"], _("Mot de passe"))

    @property
    def code_form(self) -> Self:
        form = self._copy("code", with_errors=self.is_bound and not self.by_password)
        form.fields.pop("password", None)
        return form

    @property
    def password_form(self) -> Self:
        return self._copy("password", with_errors=self.by_password)

    def _copy(self, way: str, *, with_errors: bool) -> Self:
        typed = {"login": self.data.get("login", self.initial.get("login", ""))}
        form = type(self)(
            self.data if with_errors else None,
            initial=typed,
            request=self.request,
            auto_id=f"{way}_%s",
        )
        if with_errors:
            form._errors = self.errors  # not validated again: each validation counts as an attempt
        return form


class CodeField:
    code_label = _("Code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = self.code_label
        field.widget.attrs = {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autofocus": True,
            "class": "code-input",
            "maxlength": "20",
        }


class _MailedCode(CodeField):
    code_label = _("Code reçu par e-mail")


class LoginCodeForm(_MailedCode, ConfirmLoginCodeForm):
    pass


class VerificationCodeForm(_MailedCode, ConfirmEmailVerificationCodeForm):
    pass


class ResetCodeForm(_MailedCode, ConfirmPasswordResetCodeForm):
    pass


class ForgottenPasswordForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = EMAIL_LABEL
        self.fields["email"].widget = _email_widget()

    def clean_email(self) -> str:
        """Counts the attempts per address, also for addresses without an account."""
        email: str = super().clean_email()
        if not attempts.count(context.request, "request_reset_code", email):
            raise get_adapter().validation_error("rate_limited")
        return email


class _NewPasswordFields:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = self.fields  # type: ignore[attr-defined]
        _set_password_texts(
            fields["password1"],
            _("Nouveau mot de passe"),
            _("Au moins 10 caractères, et pas un mot de passe que tout le monde utilise."),
        )
        _set_password_texts(fields["password2"], _("Encore une fois"))

    def clean(self) -> Any:
        cleaned = super(forms.Form, self).clean()  # type: ignore[misc]
        data = self.cleaned_data  # type: ignore[attr-defined]
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("Les deux mots de passe sont différents."))  # type: ignore[attr-defined]
        return cleaned


class NewPasswordForm(_NewPasswordFields, ResetPasswordKeyForm):
    pass


class FirstPasswordForm(_NewPasswordFields, SetPasswordForm):
    pass


class OtherPasswordForm(_NewPasswordFields, ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _set_password_texts(self.fields["oldpassword"], _("Mot de passe actuel"))


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Prénom et nom"),
        max_length=120,
        help_text=_("C’est ainsi que votre équipe et l’organisation vous voient."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        _count("change_profile")
        name: str = self.cleaned_data["name"]
        return name


class PhoneForm(forms.Form):
    phone = forms.RegexField(
        label=_("Numéro de téléphone"),
        regex=r"^\+?[0-9][0-9 .()/-]{5,28}$",
        required=False,
        strip=True,
        help_text=_(
            "Seule l’organisation de votre édition le lit, sur la fiche de votre"
            " équipe. Videz la case pour l’effacer."
        ),
        error_messages={"invalid": _("Écrivez un numéro, par exemple 06 12 34 56 78.")},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        _count("change_profile")
        phone: str = self.cleaned_data["phone"]
        return phone


def _code_field(label: Any, **attrs: Any) -> forms.CharField:
    shown = {"autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
    widget = forms.TextInput(attrs={"autocomplete": "off", **shown, **attrs})
    return forms.CharField(label=label, max_length=40, widget=widget)


class EntryCodeForm(forms.Form):
    code = _code_field(_("Code d’entrée"), autofocus=True)


class AddressForm(forms.Form):
    REFUSAL_FIELDS = dict.fromkeys(AccountRefusal, "email")

    email = AddressField(label=_("Nouvelle adresse e-mail"), max_length=254, widget=_email_widget())

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        _count("change_address")
        return email


class AddressCodesForm(forms.Form):
    REFUSAL_FIELDS = {AccountRefusal.OLD_CODE: "old_code", AccountRefusal.NEW_CODE: "new_code"}

    old_code = _code_field(_("Code reçu à votre adresse actuelle"), autofocus=True)
    new_code = _code_field(_("Code reçu à la nouvelle adresse"))


def _count(action: str) -> None:
    """Raises `ValidationError` after too many of the person. Each is in the journal."""
    request = context.request
    if not ratelimit.consume(request, action=action, user=request.user):
        raise get_adapter().validation_error("rate_limited")
