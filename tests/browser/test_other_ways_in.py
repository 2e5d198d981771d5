"""Accounts of a university and a passkey, in a browser: redirects, policies and sign-out."""

import re

import httpx
from playwright.sync_api import Page, expect

from tests.accounts.cas_server import CasServer, cas_server
from tests.browser.site import Site, site_by_command


def test_university_and_passkey(chromium):
    import oidc_provider_mock  # a slow import

    university = oidc_provider_mock.User(
        sub="ada", claims={"email": "ada@univ.example", "name": "Ada Dupont"}
    )
    with (
        oidc_provider_mock.run_server_in_thread(user_claims=[university]) as oidc,
        cas_server() as cas,
        site_by_command(
            CCD_OIDC_ISSUER=f"http://localhost:{oidc.server_port}",
            CCD_OIDC_CLIENT_ID="ccd",
            CCD_OIDC_CLIENT_SECRET="secret",
            CCD_CAS_URL=cas.url,
            CCD_CAS_LABEL="Entrer par CAS",
            CCD_UNIVERSITY_DOMAINS="univ.example",
            CCD_SIGNUP_DOMAINS="univ.example",
        ) as site,
    ):
        context = chromium.new_context()
        # The page of the provider is not ours.
        context.route("https://cdn.jsdelivr.net/**", lambda route: route.abort())
        page = context.new_page()
        comes_and_goes_by_oidc(page, site)
        keeps_the_account_with_another_address(page, site, oidc.server_port)
        keeps_strangers_out(page, site, cas)
        cas.person = "dupont1u"
        cas.attributes = {"mail": ["ada@univ.example"], "displayName": ["Ada Dupont"]}
        links_cas(page, site)
        uses_a_passkey(page, site)
        context.close()


def comes_and_goes_by_oidc(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/compte/connexion/")
    page.get_by_role("button", name="Se connecter avec mon compte de l’université").click()
    page.get_by_role("button", name=re.compile("ada")).click()
    expect(page.get_by_text("Ada Dupont").first).to_be_visible()
    page.goto(f"{site.url}/compte/deconnexion/")
    page.get_by_role("button", name="Se déconnecter", exact=True).last.click()
    page.wait_for_url("**/oauth2/end_session*")
    page.goto(f"{site.url}/compte/")
    expect(page).to_have_url(re.compile("/compte/connexion/"))


def keeps_the_account_with_another_address(page: Page, site: Site, port: int) -> None:
    claims = {"email": "ada.martin@univ.example", "name": "Ada Martin"}
    httpx.put(f"http://localhost:{port}/users/ada", json=claims, timeout=60).raise_for_status()
    page.goto(f"{site.url}/compte/connexion/")
    page.get_by_role("button", name="Se connecter avec mon compte de l’université").click()
    page.get_by_role("button", name=re.compile("ada")).click()
    page.wait_for_url(f"{site.url}/**")
    page.goto(f"{site.url}/compte/")
    expect(page.locator("main")).to_contain_text("ada@univ.example")
    page.context.clear_cookies()


def keeps_strangers_out(page: Page, site: Site, cas: CasServer) -> None:
    """Of another domain; and who got hold of the address to which somebody else came back."""
    cas.person, cas.attributes = "eve1u", {"mail": ["eve@elsewhere.example"]}
    page.goto(f"{site.url}/compte/connexion/")
    with page.expect_request(re.compile("/compte/cas/retour/")) as returned:
        page.get_by_role("button", name="Entrer par CAS").click()
    expect(page.get_by_text("@univ.example")).to_be_visible()
    page.context.clear_cookies()
    page.goto(returned.value.url)
    expect(page.get_by_text("La connexion n’a pas abouti")).to_be_visible()


def links_cas(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/compte/connexion/")
    page.get_by_role("button", name="Entrer par CAS").click()
    expect(page.get_by_text("a déjà un compte ici")).to_be_visible()
    page.goto(f"{site.url}/compte/connexion/")
    page.get_by_role("button", name="Se connecter avec mon compte de l’université").click()
    page.get_by_role("button", name=re.compile("ada")).click()
    page.wait_for_url(f"{site.url}/**")
    page.goto(f"{site.url}/compte/universite/")
    page.get_by_role("button", name="Entrer par CAS").click()
    expect(page.get_by_text("Votre compte de l’université est relié.")).to_be_visible()


def uses_a_passkey(page: Page, site: Site) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    verified = {"hasUserVerification": True, "isUserVerified": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **verified}})
    page.goto(f"{site.url}/compte/double/cles/ajouter/")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.locator("#recovery-codes")).to_contain_text(re.compile(r"\d{8}"))
    page.context.clear_cookies()
    page.goto(f"{site.url}/compte/connexion/")
    page.get_by_role("button", name="Entrer par CAS").click()
    page.get_by_role("button", name="Entrer avec ma clé").click()
    expect(page.get_by_text("Ada Dupont").first).to_be_visible()
