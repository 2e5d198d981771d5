from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from hackathon.base.accounts.models import User
from submissions.models import Deliverable, Submission, Upload
from tests.submissions.tus.wire import BODY, Tus, content, metadata

pytestmark = pytest.mark.django_db(transaction=True)

UNKNOWN = "/uploads/" + "0" * 32
CSRF = "c" * 32


@pytest.fixture
def page(server, client_of) -> Callable[..., Tus]:
    # Session cookie, CSRF cookie, CSRF token and origin, as a page of the site sends them.

    def program(user: User, **headers: str) -> Tus:
        session = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        given = {"cookie": cookie, "x_csrftoken": CSRF, "origin": server, **headers}
        return Tus(server, **{k.replace("_", "-"): v for k, v in given.items() if v})

    return program


def every_request(tus: Tus, url: str, deliverable: Deliverable) -> list[int]:
    return [
        tus.head(url).status_code,
        tus.patch(url, 0, content(100)).status_code,
        tus.delete(url).status_code,
        tus.begin(deliverable, 100).status_code,
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Token 0123456789abcdef"},
        {"authorization": "Token"},
        {"authorization": "Bearer x"},
        {"cookie": f"{settings.SESSION_COOKIE_NAME}=forged; {settings.CSRF_COOKIE_NAME}={CSRF}"},
        {"cookie": f'{settings.SESSION_COOKIE_NAME}="nul\\000"; {settings.CSRF_COOKIE_NAME}=c'},
    ],
)
def test_an_anonymous_client_is_401(tus, server, dossier, headers):
    url = tus.begun(dossier, 100)
    csrf = {"x-csrftoken": CSRF, "origin": server}

    with Tus(server, **headers, **csrf) as stranger:
        statuses = every_request(stranger, url, dossier)
        answer = stranger.begin(dossier, 100)

    assert statuses == [401] * 4
    assert answer.headers["WWW-Authenticate"] == "Token"
    assert answer.json()["code"] == "not_authenticated"
    assert tus.offset(url) == 0


def test_a_page_of_the_site_may_upload(tus, dossier, ada, page):
    with page(ada) as browser:
        url = browser.begun(dossier, 100)
        answer = browser.patch(url, 0, content(100))

    assert answer.status_code == 204
    assert Submission.objects.get().submitted_by == ada


@pytest.mark.parametrize(
    "forged",
    [
        {"x_csrftoken": ""},
        {"x_csrftoken": "d" * 32},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
def test_a_page_of_another_origin_is_403(tus, dossier, ada, page, forged):
    url = tus.begun(dossier, 100)

    with page(ada, **forged) as browser:
        changing = every_request(browser, url, dossier)[1:]
        refused = browser.delete(url)

    assert changing == [403] * 3
    assert refused.json()["code"] == "csrf_failed"
    assert tus.offset(url) == 0


def test_another_session_of_the_user_continues_the_upload(tus, dossier, ada, page):
    # Signed out in one tab and signed in again in another one: the upload continues.
    with page(ada) as before, page(ada) as after:
        url = tus.begun(dossier, 100)
        after.patch(url, 0, content(100)[:50])
        key = before.http.headers["cookie"].split("=")[1].split(";")[0]
        Session.objects.get(session_key=key).delete()
        refused = before.patch(url, 50, content(100)[50:])
        accepted = after.patch(url, 50, content(100)[50:])

    assert (refused.status_code, accepted.status_code) == (401, 204)


def test_an_upload_of_another_team_is_404(tus, dossier, pixels, cleo, tus_of):
    url = tus.begun(dossier, 100)
    tus.patch(url, 0, content(100)[:50])
    other = tus_of(cleo)

    statuses = every_request(other, url, dossier)
    answers = [other.head(url), other.head(UNKNOWN)]

    assert statuses == [404] * 4
    assert answers[0].headers.keys() == answers[1].headers.keys()
    assert other.patch(url, 0, b"x").json() == other.patch(UNKNOWN, 0, b"x").json()
    assert tus.offset(url) == 50


def test_jurors_and_organizers_have_no_uploads(tus, dossier, dan, dan_user, eve, loner, tus_of):
    url = tus.begun(dossier, 100)

    for user in (dan_user, eve, loner):
        assert every_request(tus_of(user), url, dossier) == [404] * 4


def test_former_members_have_no_uploads(tus, dossier, comunik, ada, ben, tus_of):
    mate = tus_of(ben)
    url = mate.begun(dossier, 100)
    comunik.memberships.get(user=ben).delete()

    statuses = every_request(tus_of(ben), url, dossier)

    assert statuses == [404] * 4
    assert tus.patch(url, 0, content(100)).status_code == 404
    assert not Submission.objects.exists()


def test_an_upload_of_a_former_member_is_not_received(
    tus, dossier, comunik, ben, tus_of, monkeypatch
):
    # Chunks are accepted for some seconds (cache); the membership is read again before receiving.
    monkeypatch.setattr("submissions.tus.request.CACHE_SECONDS", 600.0)
    mate = tus_of(ben)
    url = mate.begun(dossier, 100)
    mate.patch(url, 0, content(100)[:50])
    comunik.memberships.get(user=ben).delete()

    answer = mate.patch(url, 50, content(100)[50:])

    assert (answer.status_code, answer.json()["code"]) == (404, "not_member")
    assert not Submission.objects.exists()


def test_an_inactive_account_is_401(tus, dossier, ben, page, tus_of):
    url = tus.begun(dossier, 100)
    ben.is_active = False
    ben.save()

    with page(ben) as browser:
        assert every_request(browser, url, dossier) == [401] * 4
    assert every_request(tus_of(ben), url, dossier) == [401] * 4


def test_deliverables_of_other_departments_are_404(tus, dossier, pixels):
    theirs = Deliverable.objects.create(
        department=pixels.department, name="Secret", formats=["pdf"], max_bytes=1000, position=1
    )

    answers = [
        tus.post(upload_length="1", upload_metadata=metadata(deliverable=pk, filename="a.pdf"))
        for pk in (str(theirs.pk), "999999999")
    ]

    assert [a.status_code for a in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert not Upload.objects.exists()


def test_a_token_needs_no_csrf_cookie(tus, dossier, ada):
    # A program has no CSRF token, and the check of the origin is for cookies only.
    url = tus.begun(dossier, 100)

    answer = tus.patch(url, 0, content(100), origin="https://elsewhere.example", content_type=BODY)

    assert answer.status_code == 204
