"""The views of allauth that this site uses. allauth reverses these names."""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path
from django.views.generic import RedirectView

from hackathon.base.accounts.entrance import ConfirmCode
from hackathon.base.accounts.views import SignIn, SignOut, address

urlpatterns = [
    path("connexion/", SignIn.as_view(), name="account_login"),
    # Sign-in by code starts on the same page; allauth redirects here after too many attempts.
    path("connexion/", SignIn.as_view(), name="account_request_login_code"),
    path("connexion/code/", ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("deconnexion/", SignOut.as_view(), name="account_logout"),
    path("desactive/", views.account_inactive, name="account_inactive"),
    # Sign-up uses the sign-in page: for old links, and for those of allauth.
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
    # After the person refused at the university.
    path(
        "universite/annule/",
        RedirectView.as_view(pattern_name="account_login"),
        name="socialaccount_login_cancelled",
    ),
    path("adresse/", address, name="account_email"),  # allauth redirects to it
    # After a password reset people are signed in.
    path(
        "mot-de-passe/oublie/fait/",
        RedirectView.as_view(pattern_name="accounts:profile"),
        name="account_password_reset_completed",
    ),
    path("preuve/", views.reauthenticate, name="account_reauthenticate"),
    path("double/", factors.index, name="mfa_index"),
    path("double/entrer/", factors.authenticate, name="mfa_authenticate"),
    path("double/preuve/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("double/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("double/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("double/secours/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "double/secours/renouveler/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "double/cles/",
        RedirectView.as_view(pattern_name="mfa_index"),
        name="mfa_list_webauthn",
    ),
    path("double/cles/ajouter/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path(
        "double/cles/preuve/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("double/cles/<int:pk>/retirer/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
]
