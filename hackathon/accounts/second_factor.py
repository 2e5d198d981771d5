"""Applications with codes, passkeys and recovery codes, by allauth; and fresh proofs."""

import base64
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.accounts import selectors
from hackathon.accounts.models import User
from hackathon.core import clock, qr

SALT = "accounts.second_factor"


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "Ce site demande une seconde preuve à l’organisation : ajoutez-en une autre d’abord."
        ),
        "cannot_generate_recovery_codes": _("Ajoutez d’abord une application ou une clé."),
        "incorrect_code": _("Ce n’est pas le bon code. Un code ne sert qu’une fois."),
        "unverified_email": _("Confirmez d’abord votre adresse e-mail."),
    }

    def get_totp_issuer(self) -> str:
        return "Crazy Charly Day"

    def build_totp_svg(self, url: str) -> str:
        return qr.drawn(url)

    def encrypt(self, text: str) -> str:
        """The database and its backups are of no use without the secret key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:  # the secret key has changed: no code can be verified
            raise self.validation_error("incorrect_code") from None

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Clé n° %(number)s") % {"number": number}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        others = selectors.factors_of(user).exclude(pk=authenticator.pk)
        return others.exists() or not is_required(user)


def _cipher() -> MultiFernet:
    keys = (
        salted_hmac(SALT, "key", secret=secret, algorithm="sha256").digest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def is_required(user: User) -> bool:
    """Of superusers and of everybody who organizes an edition."""
    return settings.SECOND_FACTOR_REQUIRED and selectors.is_trusted(user)


def was_given(request: HttpRequest) -> bool:
    """In this session."""
    user: Any = request.user
    return given_in(request.session, user)


def given_in(session: Mapping[str, Any], user: User) -> bool:
    if session.get(f"{AUTHENTICATION_METHODS_SESSION_KEY}_user") != str(user.pk):
        return False
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return any(record["method"] == "mfa" for record in records)


def has_factor(request: HttpRequest) -> bool:
    """The signed-in person. One query per request."""
    if not hasattr(request, "has_factor"):
        user: Any = request.user
        request.has_factor = selectors.factors_of(user).exists()  # type: ignore[attr-defined]
    found: bool = request.has_factor  # type: ignore[attr-defined]
    return found


def must_be_given(request: HttpRequest) -> bool:
    """By an organizer, in this session."""
    if was_given(request):
        return False
    return bool(settings.SECOND_FACTOR_REQUIRED) or has_factor(request)


def asked_among(users: Iterable[User]) -> set[int]:
    """Primary keys of those who act as organizers only after their second factor. One query at
    most. With the setting it is everybody: who organizes nothing loses nothing.
    """
    pks = {user.pk for user in users}
    if settings.SECOND_FACTOR_REQUIRED or not pks:
        return pks
    return selectors.with_factor_among(pks)


def fresh_proof[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """For acts that can't be undone: a form that is posted waits until the person has proved again
    who they are, unless they did so in the last minutes. Who only has e-mailed codes is not asked.
    """
    protected: Callable[P, HttpResponse] = reauthentication_required(
        view, allow_get=True, enabled=_is_stale
    )
    return protected


def is_fresh(request: HttpRequest) -> bool:
    """Whether the last authentication is within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    user: Any = request.user
    needs_factor = selectors.factors_of(user).exists()
    proofs = [
        record["at"]
        for record in get_authentication_records(request, user)
        if record["method"] == "mfa" or not needs_factor
    ]
    fresh_since = clock.now().timestamp() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return bool(proofs) and proofs[-1] > fresh_since


def _is_stale(request: HttpRequest) -> bool:
    user: Any = request.user
    return not is_fresh(request) and bool(get_reauthentication_flows(user))
