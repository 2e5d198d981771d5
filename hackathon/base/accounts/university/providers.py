"""Accounts of a university: by OpenID Connect and by CAS.

A person is the issuer with its `sub`, or the name that CAS gives, in lower case: never an address,
which somebody else may get later.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import Provider, ProviderAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from hackathon.base.accounts.sessions import UNIVERSITY, oidc_session, uid_of
from hackathon.base.accounts.university import cas
from hackathon.base.accounts.university.cas import CasPerson
from hackathon.base.accounts.university.tokens import nonce_of, verified_identity

AFFILIATIONS = ("edupersonaffiliation", "edupersonprimaryaffiliation", "edupersonscopedaffiliation")


def affiliations_in(claims: Mapping[str, Any]) -> frozenset[str]:
    """« student », « employee »… of any of the attributes that carry them."""
    affiliations: set[str] = set()
    for name, value in claims.items():
        if name.lower().replace("_", "") in AFFILIATIONS:
            values: Iterable[Any] = value if isinstance(value, list) else [value]
            affiliations |= {str(one).partition("@")[0].lower() for one in values}
    return frozenset(affiliations)


class OidcAdapter(OpenIDConnectOAuth2Adapter):
    @property
    def openid_config(self) -> Any:
        config = super().openid_config
        if config.get("issuer") != settings.OIDC_ISSUER:
            raise OAuth2Error("The provider calls itself otherwise than CCD_OIDC_ISSUER.")
        return config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        url: str = build_absolute_uri(request, reverse("accounts:oidc-callback"))
        return url

    def keys_url(self) -> str:
        return str(self.openid_config["jwks_uri"])

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: str
    ) -> Any:
        self.nonce = nonce_of(pkce_code_verifier)
        return super().get_access_token_data(request, app, client, pkce_code_verifier)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """allauth's would check no signature, because the provider itself has answered."""
        return verified_identity(
            id_token,
            keys_url=self.keys_url,
            client=app.client_id,
            nonce=self.nonce,
        )

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        login = super().complete_login(request, app, token, **kwargs)
        request.session[UNIVERSITY] = {
            "id_token": kwargs["response"]["id_token"],
            "end_session": self.openid_config.get("end_session_endpoint", ""),
            "ticket": login.session,
        }
        return login


class OpenIdProvider(OpenIDConnectProvider):
    oauth2_adapter_class = OidcAdapter

    def get_pkce_params(self) -> dict[str, str]:
        params: dict[str, str] = super().get_pkce_params()
        return {**params, "nonce": nonce_of(params["code_verifier"])}

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> SocialLogin:
        login: SocialLogin = super().sociallogin_from_response(request, response)
        token = response["id_token"]
        login.affiliations = affiliations_in({**token, **response["userinfo"]})
        login.session = oidc_session(token["iss"], str(token.get("sid") or token["sub"]))
        return login

    def extract_uid(self, data: Any) -> str:
        token, about = data.get("id_token"), data.get("userinfo") or {}
        if not token or about.get("sub") != token["sub"]:
            raise OAuth2Error("The identity token and the user info are not of one person.")
        return uid_of(token["iss"], token["sub"])

    def extract_extra_data(self, data: Any) -> dict[str, str]:
        """What is kept: under which name the person knows this account."""
        about = data["userinfo"]
        return {"name": str(about.get("preferred_username") or about.get("email") or "")}

    def extract_email_addresses(self, data: Any) -> list[EmailAddress]:
        about = data["userinfo"]
        if not about.get("email"):
            return []
        is_verified = about.get("email_verified") is True
        return [EmailAddress(email=about["email"].lower(), verified=is_verified, primary=True)]


class CasProvider(Provider):
    id = "cas"
    name = "CAS"
    account_class = ProviderAccount
    uses_apps = False
    supports_redirect = True

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        state = self.stash_redirect_state(request, process, next_url, data, **kwargs)
        return HttpResponseRedirect(cas.sign_in_url(service_of(request, state)))

    def sociallogin_from_response(self, request: HttpRequest, response: CasPerson) -> SocialLogin:
        login: SocialLogin = super().sociallogin_from_response(request, response)
        login.affiliations = affiliations_in(response.attributes)
        return login

    def extract_uid(self, data: CasPerson) -> str:
        """A bare name is unique on its server only."""
        name = data.first("eduPersonPrincipalName", "eppn")
        return (name or f"{data.name}@{urlsplit(settings.CAS_URL).hostname}").lower()

    def extract_extra_data(self, data: CasPerson) -> dict[str, str]:
        return {"name": self.extract_uid(data)}

    def extract_common_fields(self, data: CasPerson) -> dict[str, str]:
        given_name = data.first("givenName")
        name = data.first("displayName") or " ".join(filter(None, [given_name, data.first("sn")]))
        email = data.first("mail", "email").lower()
        return {"email": email, "name": name or data.first("cn")}


def service_of(request: HttpRequest, state: str) -> str:
    """The address to which CAS sends the browser back: also part of what it validates."""
    return f"{build_absolute_uri(request, reverse('accounts:cas-callback'))}?state={state}"
