"""An OpenID provider and a CAS server on the loopback, one of each for all tests."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.accounts.cas_server import CasServer, cas_server
from tests.accounts.university.visits import DOMAIN


@pytest.fixture(scope="session")
def oidc_server() -> Iterator[Any]:
    import oidc_provider_mock  # a slow import

    with oidc_provider_mock.run_server_in_thread() as server:
        yield server


@pytest.fixture(scope="session")
def oidc_url(oidc_server) -> str:
    return f"http://localhost:{oidc_server.server_port}"


@pytest.fixture(scope="session")
def oidc_key(oidc_server) -> Any:
    """With which the provider signs."""
    from oidc_provider_mock._storage import storage

    with oidc_server.app.test_request_context("/"):
        oidc_server.app.preprocess_request()
        return storage.jwk


@pytest.fixture(scope="session")
def cas_running() -> Iterator[CasServer]:
    with cas_server() as server:
        yield server


@pytest.fixture(autouse=True)
def _settings(settings, oidc_url, cas_running) -> None:
    settings.OIDC_ISSUER = oidc_url
    app = {
        "provider_id": "oidc",
        "client_id": "ccd",
        "secret": "s3cret-of-the-client",
        "settings": {"server_url": oidc_url},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    settings.CAS_URL = cas_running.url
    settings.CAS_LABEL = "Mon compte UL"
    settings.UNIVERSITY_DOMAINS = [DOMAIN]


@pytest.fixture
def cas(cas_running) -> CasServer:
    cas_running.person, cas_running.is_broken = "dupont1u", False
    cas_running.attributes = {
        "mail": ["Ada.Dupont@univ.example"],
        "displayName": ["Ada  Dupont"],
        "eduPersonAffiliation": ["member", "student"],
    }
    return cas_running


@pytest.fixture
def idp(oidc_url) -> Callable[..., None]:
    """Adds a person at the provider, with these claims."""

    def add(sub: str, **claims: Any) -> None:
        httpx.put(f"{oidc_url}/users/{sub}", json=claims, timeout=60).raise_for_status()

    return add
