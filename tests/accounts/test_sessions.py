import re

import pytest
import time_machine
from django.test import Client

from hackathon.base.accounts import devices, services
from hackathon.base.accounts.models import SignIn, User
from hackathon.base.core.models import JournalEntry
from tests.conftest import NOON

LOGIN, LOGOUT, SESSIONS = "/compte/connexion/", "/compte/deconnexion/", "/compte/sessions/"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0"
)


def browser(user: User, agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post(LOGIN, {"login": user.email, "password": "secret-of-tests"})
    return client


def is_in(client: Client) -> bool:
    return client.get("/compte/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (WINDOWS, "Firefox, Windows"),
        (IPHONE, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("curl/8.5", ""),
        ("<script>" * 200, ""),
    ],
)
def test_a_device_has_a_name(agent, device):
    assert devices.describe(agent) == device


def test_sessions_are_listed_with_device_and_time_and_closed_one_by_one(ada, ben):
    with time_machine.travel(NOON, tick=False):
        here, phone, of_ben = browser(ada, WINDOWS), browser(ada, IPHONE), browser(ben, EDGE)
        page = here.get(SESSIONS).content.decode().replace("\N{NO-BREAK SPACE}", " ")
        other = SignIn.objects.get(user=ada, device="Safari, iPhone")
        foreign = SignIn.objects.get(user=ben)

        strange = here.post(f"{SESSIONS}{foreign.pk}/fermer/")
        answer = here.post(f"{SESSIONS}{other.pk}/fermer/")

        assert "Firefox, Windows" in page
        assert "Safari, iPhone" in page
        assert "Edge" not in page
        assert "13:00" in page
        assert re.findall(rf"{SESSIONS}(\d+)/fermer/", page) == [str(other.pk)]  # not the own one
        assert other.session_id not in page
        assert (strange.status_code, answer.status_code) == (404, 302)
        assert [is_in(client) for client in (here, phone, of_ben)] == [True, False, True]
        assert "iPhone" not in here.get(SESSIONS).content.decode()


def test_all_other_sessions_are_closed_also_unlisted_ones(ada):
    here, phone, unlisted = browser(ada, WINDOWS), browser(ada, IPHONE), browser(ada, EDGE)
    SignIn.objects.filter(device="Edge, Windows").delete()  # from before there was a list
    code = services.make_entry_code(ada, by=ada, at=NOON)

    answer = here.post(f"{SESSIONS}fermer/", follow=True)

    assert "Toutes vos autres sessions sont fermées." in answer.content.decode()
    assert [is_in(client) for client in (here, phone, unlisted)] == [True, False, False]
    assert [found.device for found in SignIn.objects.all()] == ["Firefox, Windows"]
    assert JournalEntry.objects.filter(act="user.signed_out").count() == 1
    assert Client().post(f"{LOGIN}code-d-entree/", {"code": code}).status_code == 422


def test_the_session_stays_listed_when_the_password_changes(ada):
    here = browser(ada, WINDOWS)

    here.post(
        "/compte/mot-de-passe/",
        {
            "oldpassword": "secret-of-tests",
            "password1": "lampes-allumees",
            "password2": "lampes-allumees",
        },
    )

    assert SignIn.objects.get().session_id == here.session.session_key


@pytest.mark.parametrize(
    ("posted", "cleared"), [({}, '"cache"'), ({"everything": "on"}, '"cache", "storage"')]
)
def test_signing_out_clears_what_may_go(client_of, ada, posted, cleared):
    client = client_of(ada)

    answer = client.post(LOGOUT, posted)

    assert answer["Clear-Site-Data"] == cleared
    assert not is_in(client)
    assert not SignIn.objects.exists()
