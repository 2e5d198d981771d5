import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory, override_settings
from django.utils import translation

from hackathon.base.accounts.models import User
from hackathon.base.core import problems
from hackathon.base.core.typography import spaced
from hackathon.event.editions.models import Edition
from tests.access.roles import browser_of
from tests.conftest import NOON


def document(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["status"] == answer.status_code
    assert body["detail"]
    return answer.status_code, body["code"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "head", "options"])
@pytest.mark.parametrize("name", ["nothing", "briefs/%0A"])
def test_unknown_url(name, method, client):
    answer = getattr(client, method)(f"/api/v1/{name}/")

    assert answer.status_code == 404
    if method != "head":
        assert document(answer) == (404, "not_found")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    ["/sujets/%00/", "/jury/%00/deports/", "/ecran/?room=%00", "/api/v1/edition/?edition=%00"],
)
def test_nul_in_an_address_is_a_bad_request(url, dan, dan_user, client_of):
    assert client_of(dan_user).get(url).status_code == 400


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [
        ("anonymous", "/compte/connexion/?next=http://[", 200),
        ("eve", "/compte/connexion/?next=http://[", 302),
        ("anonymous", "/api/schema/?version=a%0Ab", 200),
        ("eve", "/organisation/editions/ccd-2020/journal/?until=0001-01-01", 200),
        ("eve", "/api/v1/journal/?until=0001-01-01T00:00", 400),
        ("eve", "/api/v1/journal/?until=0001-01-01T00:00Z", 400),
        ("dan", f"/jury/INFOCOM/equipes/{10**30}/", 404),
    ],
)
def test_a_made_up_address_is_no_error(role, address, status, dan, request):
    assert browser_of(role, request).get(address).status_code == status


@pytest.mark.parametrize("address", ["/palmares/images/{}/", "/depots/{}/recu.pdf", "/jury/1/{}/"])
def test_a_number_that_no_database_can_store_is_404(client, edition, address):
    Edition.objects.update(deliberated_at=NOON, results_published_at=NOON)

    assert client.get(address.format(2**63)).status_code == 404


def test_the_api_answers_404_for_it_too(client, edition):
    assert document(client.delete(f"/api/v1/teams/{2**63}/captain/")) == (404, "not_found")


@pytest.mark.django_db
def test_a_session_cookie_with_nul_is_anonymous(client, edition):
    cookie = f'{settings.SESSION_COOKIE_NAME}="{"a" * 31}\\000"'

    answer = client.get("/compte/", headers={"cookie": cookie})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/compte/connexion/")


@pytest.mark.django_db
def test_a_made_up_host_is_a_bad_request(client):
    """It is refused before anybody knows who asks."""
    answer = client.get("/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "Nous n’avons pas compris" in answer.content.decode()


@pytest.mark.django_db
def test_a_url_without_its_slash_is_redirected(client, edition):
    answer = client.get("/api/v1/edition", follow=True)

    assert answer.redirect_chain == [("/api/v1/edition/", 301)]
    assert answer.json()["slug"] == edition.slug


@pytest.mark.django_db
def test_invalid_json_is_refused_in_french(edition, eve, client_of):
    answer = client_of(eve).post("/api/v1/announcements/", "{", content_type="application/json")

    assert document(answer) == (400, "parse_error")
    assert "n’est pas lisible" in answer.json()["detail"]


@pytest.mark.django_db
def test_no_content_and_a_reason_without_a_team_are_refused_in_french(
    comunik, dossier, ada, client_of
):
    ada_browser = client_of(ada)
    nothing = ada_browser.post("/api/v1/submissions/", {"deliverable": dossier.pk})
    reason = ada_browser.post(
        "/api/v1/submissions/", {"deliverable": dossier.pk, "text": "x", "reason": "Clé USB"}
    )

    assert nothing.json()["errors"] == {
        "non_field_errors": [spaced("Donnez un contenu, un seul : file, url ou text.")]
    }
    assert reason.json()["errors"] == {"reason": [spaced("Seulement avec une équipe : team.")]}


@pytest.mark.django_db
def test_a_request_that_django_refuses_before_the_view(client):
    with override_settings(ALLOWED_HOSTS=["ccd.example.org"]):
        answer = client.get("/api/v1/edition/", HTTP_HOST="elsewhere.example")
    assert document(answer) == (400, "bad_request")


def test_a_server_error_shows_no_details():
    answer = problems.server_error(RequestFactory().get("/api/v1/edition/"))
    page = problems.server_error(RequestFactory().get("/rendu/"))

    assert document(answer) == (500, "server_error")
    assert page["Content-Type"].startswith("text/html")
    assert "Une panne de notre côté" in page.content.decode()


def test_the_page_of_a_server_error_is_in_the_chosen_language():
    with translation.override("en"):
        page = problems.server_error(RequestFactory().get("/rendu/")).content.decode()

    assert '<html lang="en">' in page
    assert "Something broke on our side" in page
    assert "panne" not in page


def strict(user: User) -> tuple[Client, dict[str, str]]:
    """A browser whose tokens are checked, and the header with its token."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.get("/compte/")
    return browser, {"X-CSRFToken": browser.cookies["csrftoken"].value}


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary="])
@pytest.mark.parametrize("address", ["/nothing/", "/jury/scelles/", "/jury/envoi/", "/langue/"])
def test_a_malformed_form_body_is_not_500(dan, dan_user, address, kind):
    """The 404 page reads the CSRF token from the body."""
    browser, token = strict(dan_user)

    assert browser.post(address, b"\xff\x00", content_type=kind, headers=token).status_code == 400


@pytest.mark.parametrize("address", ["/jury/scelles/", "/jury/envoi/"])
def test_a_form_where_json_is_expected_is_not_500(dan, dan_user, address):
    """The CSRF token is read from the body, which cannot be read again."""
    browser, token = strict(dan_user)

    assert browser.post(address, {"changes": "x"}, headers=token).status_code in (400, 404)
