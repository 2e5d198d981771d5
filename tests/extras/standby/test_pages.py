"""Where organizers choose and look, and the numbers for Prometheus."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from prometheus_client import CollectorRegistry, generate_latest

from hackathon.extras.standby import selectors
from hackathon.extras.standby.models import Standby
from hackathon.run.operations import exporter, readiness
from tests.conftest import NOON
from tests.extras.standby.conftest import connected

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now_noon")]


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    readiness.forget_results()


def plain(answer: Any) -> str:
    text = answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")
    return " ".join(text.split())


def copied(seconds: float) -> None:
    until = NOON - timedelta(seconds=seconds)
    Standby.objects.create(pk=1, server="salle", epoch=1, files_until=until, database_until=until)


def test_an_organizer_chooses_on_the_page_and_back(two_servers, edition, eve, client_of):
    copied(2)
    page, choice = (
        reverse(name, args=[edition.slug]) for name in ("setup:edition", "standby:strict")
    )
    client = client_of(eve)

    before = plain(client.get(page))
    chosen = client.post(choice, {"strict": "yes"}, follow=True)
    strict = selectors.is_strict()
    back = client.post(choice, {"strict": "no"}, follow=True)

    assert "Copie sur le second serveur : il y a 2 s" in before
    assert "Attendre le second serveur" in before
    assert strict
    assert "Un dépôt est maintenant confirmé une fois sur les deux serveurs." in plain(chosen)
    assert "Confirmer sans attendre" in plain(chosen)
    assert "Attendre le second serveur" in plain(back)
    assert not selectors.is_strict()


def test_a_choice_that_would_refuse_every_deposit_is_refused_with_what_to_do(
    two_servers, edition, eve, client_of, monkeypatch
):
    connected(monkeypatch, False)
    choice = reverse("standby:strict", args=[edition.slug])

    answer = plain(client_of(eve).post(choice, {"strict": "yes"}, follow=True))

    assert "chaque dépôt serait refusé. Reliez-le d’abord." in answer
    assert "aucune, il n’est pas relié" in answer
    assert not selectors.is_strict()


def test_without_a_second_server_the_page_does_not_mention_one(edition, eve, client_of):
    page = plain(client_of(eve).get(reverse("setup:edition", args=[edition.slug])))

    assert "Attendre le second serveur" not in page


@pytest.mark.parametrize(
    ("seconds", "is_connected", "expected"),
    [
        (2, True, '<dd class="num"> il y a 2 s'),
        (31, True, '<dd class="num alarm strong"> il y a 31 s'),
        (2, False, '<dd class="num alarm strong"> aucune, il n’est pas relié'),
    ],
)
def test_the_control_room_says_how_old_the_copy_is(
    two_servers, edition, eve, client_of, monkeypatch, seconds, is_connected, expected
):
    copied(seconds)
    connected(monkeypatch, is_connected)

    part = plain(client_of(eve).get(reverse("operations:health")))

    assert expected in part


@pytest.mark.parametrize(
    ("seconds", "is_connected", "error"),
    [(2, True, ""), (31, True, "31 s behind"), (2, False, "not connected")],
)
def test_readyz_is_degraded_while_the_copy_is_old(
    two_servers, monkeypatch, seconds, is_connected, error
):
    copied(seconds)
    connected(monkeypatch, is_connected)

    found = readiness.report()

    assert found["checks"]["standby"].get("error", "") == error
    assert ("standby" in found["degraded"]) == bool(error)
    assert found["ready"]


def test_prometheus_gets_the_age_of_the_copy(two_servers, monkeypatch):
    monkeypatch.setattr(exporter.connections, "close_all", lambda: None)
    copied(4)
    registry = CollectorRegistry()
    registry.register(exporter.SiteCollector(("database",)))

    text = generate_latest(registry).decode()

    assert "ccd_standby_behind_seconds 4.0" in text
    assert "ccd_standby_connected 1.0" in text
    assert "ccd_standby_strict 0.0" in text
