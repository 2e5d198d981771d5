from django.urls import path

from hackathon.base.accounts import views
from hackathon.base.accounts.tokens import views as tokens
from hackathon.base.accounts.university import views as university

app_name = "accounts"

urlpatterns = [
    path("", views.profile, name="profile"),
    path("telephone/", views.phone, name="phone"),
    path("nom/", views.name, name="name"),
    path("autre-appareil/", views.other_device, name="other-device"),
    path("jetons/", tokens.tokens, name="tokens"),
    path("jetons/<int:pk>/revoquer/", tokens.revoke, name="token-revoke"),
    path("connexion/code-d-entree/", views.enter, name="enter"),
    path("adresse/codes/", views.address_codes, name="address-codes"),
    path("universite/", university.links, name="university"),
    path("universite/<int:pk>/retirer/", university.unlink, name="university-unlink"),
    path("oidc/", university.oidc_start, name="oidc-start"),
    path("oidc/retour/", university.oidc_callback, name="oidc-callback"),
    path("oidc/fin/", university.oidc_ended, name="oidc-ended"),
    path("cas/", university.cas_start, name="cas-start"),
    path("cas/retour/", university.cas_callback, name="cas-callback"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/fermer/", views.sessions_end, name="sessions-end"),
    path("sessions/<int:pk>/fermer/", views.session_end, name="session-end"),
]
