"""What a browser does between the site and the server of the university."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client

from hackathon.base.core.logs import logging_config
from tests.accounts.cas_server import CasServer

LOGIN, LOGOUT, LINKS = "/compte/connexion/", "/compte/deconnexion/", "/compte/universite/"
OIDC, CAS = "/compte/oidc/", "/compte/cas/"
DOMAIN = "univ.example"


def away(browser: Client, start: str, **data: str) -> str:
    """The address of the university's page, to which a button leads."""
    answer = browser.post(start, data)
    assert answer.status_code == 200, answer
    return str(answer["Refresh"]).removeprefix("0; url=")


def back(browser: Client, url: str) -> Any:
    """The answer of the site to which the university sends the browser back."""
    parts = urlsplit(url)
    return browser.get(f"{parts.path}?{parts.query}")


def at_oidc(url: str, sub: str) -> str:
    """As a browser at the provider."""
    return httpx.post(url, data={"sub": sub}, timeout=60).headers["location"]


def by_oidc(browser: Client, sub: str, **data: str) -> Any:
    return back(browser, at_oidc(away(browser, OIDC, **data), sub))


def by_cas(browser: Client, cas: CasServer, **data: str) -> Any:
    return back(browser, cas.sign_in(away(browser, CAS, **data)))


def who(browser: Client) -> int | None:
    pk = browser.session.get("_auth_user_id")
    return int(pk) if pk else None


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """The lines of the site; httpx is the browser, werkzeug the provider."""
    settings = dict(logging_config("INFO", as_json=True, process="web")["formatters"]["line"])
    formatter = settings.pop("()")(**settings)
    others = ("httpx", "httpcore", "werkzeug", "oidc_provider_mock", "authlib")
    records = [one for one in caplog.records if not one.name.startswith(others)]
    lines = "\n".join(map(formatter.format, records))
    assert "/retour/" in lines, "the return is not among the lines"
    return lines


def text(answer: Any) -> str:
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
