"""Who may sign up with an account of a university. No right follows from it."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse

from hackathon.base.accounts import services
from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.accounts.models import User
from hackathon.base.accounts.rules import domains_text, is_admitted
from hackathon.base.accounts.selectors import has_account
from hackathon.base.core import clock
from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.formats import visible

NAME_LENGTH = 120


class UniversityAdapter(DefaultSocialAccountAdapter):
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """A person whom the site doesn't know yet may not sign up, or already has an account."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        if refusal := _refusal(sociallogin):
            context = {"refusal": refusal, "login": sociallogin}
            page = render(request, "accounts/university_refused.html", context, status=403)
            raise ImmediateHttpResponse(page)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True  # `pre_social_login` has refused the others

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        user: User = sociallogin.user
        user.email = (data.get("email") or "").lower()
        parts = (data.get("first_name"), data.get("last_name"))
        name = data.get("name") or " ".join(filter(None, parts))
        user.name = " ".join(name.split())[:NAME_LENGTH]
        return user

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Two browsers may sign up one person at the same time: one of them starts again."""
        try:
            with transaction.atomic():
                user: User = super().save_user(request, sociallogin, form)
                services.record_sign_up(user, at=clock.now())
        except IntegrityError as error:
            raise ImmediateHttpResponse(redirect("account_login")) from error
        return user

    def is_email_verified(self, provider: Any, email: str) -> bool:
        """Whether the university itself gives these addresses to its people."""
        return email.rpartition("@")[2].lower() in settings.UNIVERSITY_DOMAINS

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("accounts:university")


def _refusal(login: SocialLogin) -> Refusal | None:
    if not login.email_addresses:
        return refuse(AccountRefusal.NO_ADDRESS)
    address = login.email_addresses[0]
    if visible(address.email) != address.email:
        return refuse(AccountRefusal.INVISIBLE)
    if address.verified and has_account(address.email):
        return refuse(AccountRefusal.ADDRESS_HAS_ACCOUNT, email=address.email)
    if not is_admitted(address.email):
        return refuse(AccountRefusal.DOMAIN, domains=domains_text())
    wanted = frozenset(settings.UNIVERSITY_AFFILIATIONS)
    if wanted and not wanted & login.affiliations:
        return refuse(AccountRefusal.AFFILIATION)
    return None
