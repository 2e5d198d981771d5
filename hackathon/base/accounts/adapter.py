import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.core.internal.httpkit import get_client_ip
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts import attempts, devices, selectors
from hackathon.base.accounts.models import User
from hackathon.base.accounts.tasks import Unlogged, deliver
from hackathon.base.core import clock, metrics
from hackathon.base.core.background import enqueue

logger = logging.getLogger(__name__)

# Codes of allauth's errors that are counted.
SIGN_IN_FAILURES = (
    "account_inactive",
    "email_password_mismatch",
    "incorrect_code",
    "too_many_login_attempts",
    "too_many_codes",
    "rate_limited",
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est désactivé. Adressez-vous à l’organisation."),
        "email_password_mismatch": _(
            "L’adresse ou le mot de passe n’est pas le bon. "
            "Vous pouvez aussi recevoir un code par e-mail."
        ),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _(
            "Ce n’est pas le code reçu. Un code ne vaut que sur l’appareil qui l’a demandé : "
            "prenez celui de l’e-mail qui nomme cet appareil."
        ),
        "invalid_login": _("Écrivez votre adresse e-mail."),
        "too_many_login_attempts": _(
            "Trop d’essais pour cette adresse. Pour entrer tout de suite, recevez un code par "
            "e-mail, ou demandez un code d’entrée à l’organisation. Sinon attendez cinq minutes."
        ),
        "too_many_codes": _(
            "Trop de codes demandés pour cette adresse. Si elle a un compte, un code d’entrée y "
            "est envoyé, au plus un toutes les dix minutes : ouvrez cet e-mail. Sinon attendez "
            "cinq minutes."
        ),
        "rate_limited": _("Trop de demandes à la suite. Attendez un peu avant de recommencer."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code in SIGN_IN_FAILURES:
            metrics.SIGN_IN_FAILURES.labels(code).inc()
            logger.warning("A sign-in failed: %s", code)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        # Rendered here, in the language of the page; a task sends it.
        asked = {
            "asked_at": clock.now(),
            "device": devices.describe(current.request.headers.get("User-Agent", "")),
        }
        message = self.render_mail(
            template_prefix, email, {"request": current.request, "email": email, **asked, **context}
        )
        enqueue(deliver, Unlogged(message.subject), Unlogged(message.body), Unlogged(email))

    def pre_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse | None:
        """Verifies the address of accounts made by a command, the admin or the demo."""
        if not EmailAddress.objects.filter(user=user).exists():
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        response: HttpResponse | None = super().pre_login(request, user, **details)
        return response

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **details)
        devices.remember(response, request, user.email)
        return response

    def is_safe_url(self, url: str | None) -> bool:
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # from urlsplit, for http://[
            return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """For limits only. Empty where allauth's raises: a request that did not come through the
        proxy has no address that can be trusted.
        """
        return get_client_ip(request) or ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Like allauth's, but counted by `attempts`. allauth takes the attempt back after the right
        password, with `_login_failed_rl_usage`.
        """
        email = credentials.get("email", "")
        self._login_failed_rl_usage = attempts.count(request, "login_failed", email)
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return attempts.key(request, credentials.get("email", ""))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A person with a second factor reauthenticates with it, not with the password (the method
        with the id `reauthenticate`). Who has no application is asked for the key first, then for
        a recovery code.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"] != "reauthenticate"]
        if len(factors) > 1 and not selectors.has_application(user):
            factors.sort(key=lambda method: method["id"] != "mfa_reauthenticate:webauthn")
        return factors or methods

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")
