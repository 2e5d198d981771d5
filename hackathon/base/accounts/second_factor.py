"""Applications with codes, passkeys and recovery codes, by allauth; and fresh proofs."""

import base64
from collections.abc import Callable, Iterable, Mapping
from functools import partial, wraps
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    suspend_request,
)
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts import selectors
from hackathon.base.accounts.models import User
from hackathon.base.core import clock, qr

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
        return settings.SITE_NAME

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


def given_in(session: Mapping[str, Any], user: User) -> bool:
    if session.get(f"{AUTHENTICATION_METHODS_SESSION_KEY}_user") != str(user.pk):
        return False
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return any(record["method"] == "mfa" for record in records)


def with_session[U: User](user: U, session: Mapping[str, Any]) -> U:
    """`user` as the caller with this session: see `User.may_organize`."""
    user.suffices = partial(_suffices, session)
    return user


def _suffices(session: Mapping[str, Any], user: User) -> bool:
    return given_in(session, user) or needs_none(user)


def needs_none(user: User) -> bool:
    """An organizer or superuser who acts without one. One query at most."""
    return not (settings.SECOND_FACTOR_REQUIRED or selectors.has_factor(user))


def look_up(callers: Iterable[User]) -> None:
    """Whether these organizers and superusers need a second factor. One query at most."""
    unknown = [user for user in callers if user.suffices is needs_none]
    needing = {user.pk for user in unknown}
    if needing and not settings.SECOND_FACTOR_REQUIRED:
        needing = selectors.with_factor_among(needing)
    for user in unknown:
        user.may_organize = user.pk not in needing


def proof_page(user: User) -> str:
    """Where a user with a second factor gives it: a key, if they have no application."""
    methods = get_account_adapter().get_reauthentication_methods(user)
    url: str = next(each["url"] for each in methods if each["id"].startswith("mfa_"))
    return url


def way_to_proof(request: HttpRequest) -> HttpResponse:
    """To the proof and then back, with the form that was posted, or to the page that adds one."""
    user: Any = request.user
    if selectors.has_factor(user):
        return suspend_request(request, proof_page(user))
    text = gettext("Ce site demande une seconde preuve à l’organisation : ajoutez-la ici.")
    messages.warning(request, text)
    return redirect("mfa_index")


def factor_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who has a second factor, or must have one, gives it before this page, whatever they may see
    there: tokens act later without one, and organizers find in their own data what they wrote.
    """

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        proof = given_in(request.session, user)
        if not proof and (selectors.has_factor(user) or is_required(user)):
            return way_to_proof(request)
        return view(request, *args, **kwargs)

    return shown


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
    needs_factor = selectors.has_factor(user)
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
