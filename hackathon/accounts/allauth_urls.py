"""The views of allauth that this site uses. allauth reverses these names."""

from allauth.account import views
from django.urls import path
from django.views.generic import RedirectView

from hackathon.accounts.entrance import ConfirmCode
from hackathon.accounts.views import SignOut, address

urlpatterns = [
    path("connexion/", views.login, name="account_login"),
    # Sign-in by code starts on the same page; allauth redirects here after too many attempts.
    path("connexion/", views.login, name="account_request_login_code"),
    path("connexion/code/", ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("deconnexion/", SignOut.as_view(), name="account_logout"),
    path("desactive/", views.account_inactive, name="account_inactive"),
    # Signing up is signing in: old links and allauth's own.
    path(
        "nouveau/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
        name="account_signup",
    ),
    path("nouveau/code/", views.email_verification_sent, name="account_email_verification_sent"),
    path("mot-de-passe/", views.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", views.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", views.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe/oublie/code/",
        views.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "mot-de-passe/oublie/nouveau/",
        views.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path("adresse/", address, name="account_email"),  # allauth redirects to it
    # After a password reset people are signed in.
    path(
        "mot-de-passe/oublie/fait/",
        RedirectView.as_view(pattern_name="accounts:profile"),
        name="account_password_reset_completed",
    ),
]
