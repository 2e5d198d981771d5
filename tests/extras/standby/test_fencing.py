import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.shortcuts import resolve_url
from django.test import Client

from hackathon.base.core import serving
from hackathon.extras.standby import boots, peer, selectors, services
from hackathon.extras.standby.models import Standby
from hackathon.extras.standby.rules import Claim
from hackathon.extras.standby.selectors import Replication
from hackathon.run.operations import heartbeats, migrated, readiness
from hackathon.run.operations.heartbeats import HeartbeatThread
from hackathon.run.operations.migrated import NotServing, require_migrated
from hackathon.run.operations.models import Heartbeat
from tests.conftest import NOON
from tests.extras.standby.conftest import connected

pytestmark = pytest.mark.django_db
KEYS = ("server", "epoch", "serving")


@pytest.fixture(autouse=True)
def _looked_at_nothing() -> Iterator[None]:
    readiness.forget_results()
    yield
    serving._reason = ""
    readiness.forget_results()


@pytest.fixture
def fenced(two_servers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    services.take_over(server="salle", at=NOON)
    monkeypatch.setattr(peer, "ask", lambda: Claim("portable", 2, serving=True))
    assert serving.look()


def test_without_a_second_server_this_one_serves():
    found = Client().get("/readyz").json()

    assert [found[key] for key in KEYS] == ["", 0, True]


def test_readyz_says_who_serves(two_servers):
    services.take_over(server="salle", at=NOON)

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert [answer.json()[key] for key in KEYS] == ["salle", 1, True]
    assert answer.json()["degraded"] == ["standby"]  # nothing is on it yet


def test_a_server_that_another_one_has_replaced_is_not_ready(fenced):
    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert [answer.json()[key] for key in KEYS] == ["portable", 2, False]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/", "/api/v1/edition/", "/connexion/", "/rien/"])
def test_every_page_says_so_and_nothing_is_written(fenced, method, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer: Any = getattr(Client(), method)(path)

    assert answer.status_code == 503
    assert "Un autre serveur a pris le relais" in answer.content.decode()
    assert answer["Retry-After"]


def test_the_page_is_in_the_language_of_the_reader(fenced, settings):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert "Another server has taken over" in client.get("/").content.decode()


def test_files_of_style_are_still_served_and_health_answers(fenced):
    assert Client().get("/healthz").status_code == 200


def test_a_replaced_server_does_not_start_again(fenced, monkeypatch):
    monkeypatch.setattr(peer, "ask", lambda: None)  # it does not answer now

    with pytest.raises(NotServing, match="« portable » serves"):
        require_migrated(wait=0)


def test_a_process_that_docker_starts_after_a_power_cut_asks_and_one_that_crashed_goes_on(
    two_servers, monkeypatch
):
    services.take_over(server="salle", at=NOON)
    monkeypatch.setattr(peer, "ask", lambda: None)
    monkeypatch.setattr(migrated.connections, "close_all", lambda: None)

    with pytest.raises(NotServing, match="does not answer"):
        require_migrated(wait=0)
    boots.note()

    require_migrated(wait=0)
    assert not serving.is_stopped()


def test_the_second_server_starts_says_so_and_serves_once_it_has_taken_over(
    two_servers, monkeypatch
):
    two_servers.SERVER_NAME = "portable"
    services.take_over(server="salle", at=NOON)
    replica = Replication(connected=False, waits=False, in_recovery=True)
    monkeypatch.setattr(selectors, "replication", lambda: replica)
    monkeypatch.setattr(migrated.connections, "close_all", lambda: None)

    require_migrated(wait=0)
    before = (Client().get("/").status_code, Client().get("/readyz").json()["serving"])
    connected(monkeypatch, False)  # promoted
    services.take_over(server="portable", at=NOON)
    readiness.forget_results()
    serving.look()

    assert before == (503, False)
    assert Client().get(resolve_url("account_login")).status_code == 200
    assert Client().get("/readyz").json()["serving"] is True


@pytest.mark.parametrize(
    ("kind", "ended"), [("worker", [signal.SIGTERM]), ("beat", [signal.SIGTERM]), ("web-a", [])]
)
def test_what_answers_nobody_ends(fenced, kind, ended, monkeypatch):
    sent: list[int] = []
    monkeypatch.setattr(heartbeats.os, "kill", lambda _pid, number: sent.append(number))

    HeartbeatThread(kind, lambda: True, lambda: None)._beat()

    assert sent == ended
    assert not Heartbeat.objects.exists()


def test_a_request_asks_nobody(two_servers, monkeypatch):
    Standby.objects.create(pk=1, server="salle", epoch=1)
    monkeypatch.delattr(peer, "ask")

    assert Client().get("/healthz").status_code == 200
    assert not serving.is_stopped()
