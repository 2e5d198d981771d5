"""Sign-in and sign-up use one page: a code sent to an unknown address makes the account."""

from typing import Any, Self
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStage, LoginStageController
from allauth.account.views import ConfirmLoginCodeView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import FormView

from hackathon.base.accounts import services
from hackathon.base.accounts.models import User
from hackathon.base.accounts.rules import domains_text, is_admitted
from hackathon.base.accounts.selectors import is_deactivated
from hackathon.base.core import clock


class Entrance(LoginCodeVerificationProcess):
    """The answers are the same for every address; only its owner learns more, by mail."""

    @classmethod
    def initiate(
        cls, *, request: HttpRequest, user: User | None, email: str, **_other: Any
    ) -> Self:
        """As allauth's, which names its own class."""
        login = Login(user=user, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=user, email=email), initiated_by_user=True)
        process = cls(stage=stage)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, stage: LoginStage) -> Self | None:
        process: Self | None = cls(stage=stage).abort_if_invalid()
        return process

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        """A new code for a new account is not an « enumeration mail »: it is sent again too."""
        if self.user is not None:
            super().send_by_email(email, skip_enumeration_mails)
            return
        adapter = get_adapter()
        if is_deactivated(email):
            adapter.send_mail("account/email/deactivated", email, {})
        elif is_admitted(email):
            adapter.send_mail("account/email/new_account", email, {"code": self.generate_code()})
        else:
            adapter.send_mail("account/email/not_admitted", email, {"domains": domains_text()})
        self.add_sent_message({"email": email, "recipient": email})

    def finish(self, redirect_url: str | None) -> HttpResponse:
        if self.user is None:
            self._user = services.sign_up(self.state["email"], at=clock.now())
            self.stage.login.user = self._user
        if not self._user.name:
            query = urlencode({"next": redirect_url or reverse(settings.LOGIN_REDIRECT_URL)})
            redirect_url = f"{reverse('accounts:name')}?{query}"
        response: HttpResponse = super().finish(redirect_url)
        return response


@method_decorator(
    login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login"),
    name="dispatch",
)
class ConfirmCode(ConfirmLoginCodeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As allauth's, with our process."""
        self.stage = request._login_stage  # type: ignore[attr-defined]
        self._process = Entrance.resume(self.stage)
        if self._process is None:
            return redirect("account_login")
        response: HttpResponseBase = FormView.dispatch(self, request, *args, **kwargs)
        return response
