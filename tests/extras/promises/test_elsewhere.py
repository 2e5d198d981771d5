"""What other pages and the receipt of a promise depend on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hackathon.base.core.errors import refuse
from hackathon.event.editions.models import Edition
from hackathon.extras.promises.models import Promise
from submissions import hand_ins
from submissions.errors import DepositRefusal, NotDurable
from tests.conftest import DEADLINE, NOON
from tests.control_room.conftest import text
from tests.control_room.test_wrong import block, words
from tests.extras.promises.making import promise
from tests.submissions.conftest import MINUTE, deposit

pytestmark = pytest.mark.django_db


def test_a_promise_is_acknowledged_once_it_is_durable(dossier, comunik, monkeypatch):
    asked: list[Edition] = []

    def refuse_it(edition: Edition) -> None:
        raise NotDurable(refuse(DepositRefusal.STORAGE_FULL))

    monkeypatch.setattr(hand_ins, "hold_commit", asked.append)
    promise(comunik, dossier)
    monkeypatch.setattr(hand_ins, "hold_commit", refuse_it)
    with pytest.raises(NotDurable):
        promise(comunik, dossier, b"other bytes")

    assert asked == [comunik.edition]
    assert Promise.objects.count() == 1


def test_teams_without_a_network_are_named_until_their_bytes_come(
    client_of, comunik, dossier, ada, eve
):
    organizer = client_of(eve)
    promise(comunik, dossier, at=NOON)
    awaited = block(organizer, "wrong", NOON + MINUTE)
    deposit(dossier, comunik, ada, at=NOON + 2 * MINUTE)
    kept = words(block(organizer, "wrong", NOON + 2 * MINUTE))

    assert "1 équipe sans réseau 214 Com’unik" in words(awaited)
    assert reverse("control_room:team", args=[comunik.pk]) in text(awaited)
    assert "sans réseau" not in kept


def test_a_promise_that_was_not_kept_is_not_awaited_any_more(client_of, comunik, dossier, eve):
    organizer = client_of(eve)
    promise(comunik, dossier, at=NOON)
    end = DEADLINE + 20 * MINUTE

    assert "sans réseau" in words(block(organizer, "wrong", end))
    assert "sans réseau" not in words(block(organizer, "wrong", end + timedelta(seconds=1)))
