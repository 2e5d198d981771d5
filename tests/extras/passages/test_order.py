"""The order of passages: drawn in public, or by hand."""

from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from hackathon.extras.passages import services as passages
from hackathon.extras.passages.errors import PassagesRefusal
from hackathon.extras.passages.models import PassagePlan
from judging.models import Ceremony
from tests.extras.passages.conftest import SEED, Remote, nominees, refusal, sealed
from tests.judging.conftest import MORNING, text_of

pytestmark = pytest.mark.time_machine(MORNING, tick=False)


def draw(remote: Remote, word: str, reason: str = "") -> None:
    seen = Ceremony.objects.get().step
    passages.set_order(word=word, reason=reason, seen=seen, at=MORNING, **remote.act)


def test_the_draw_can_be_recomputed_by_anybody(remote, plan):
    sealed(plan)
    names = sorted(nominees(remote))
    remote.until("nominees")

    draw(remote, "pamplemousse 42")

    def key(name: str) -> str:
        return sha256(f"{SEED}\npamplemousse 42\n{name}".encode()).hexdigest()

    assert nominees(remote) == sorted(names, key=key)
    assert [team.name for team in remote.shown.teams] == nominees(remote)
    page = text_of(Client().get(reverse("stage:ceremony-scene")))
    assert "pamplemousse 42" in page
    assert SEED[:16] in page


def test_a_second_draw_needs_a_reason_which_is_journalled(remote, plan):
    sealed(plan)
    remote.until("nominees")
    draw(remote, "un")

    assert refusal(lambda: draw(remote, "deux")) == PassagesRefusal.DRAW_AGAIN
    draw(remote, "deux", "mot mal entendu")

    entry = JournalEntry.objects.filter(act="passages.drawn").latest("pk")
    assert (entry.detail["word"], entry.detail["reason"]) == ("deux", "mot mal entendu")


def test_the_draw_waits_for_the_nominees_and_for_a_seal(remote, plan):
    assert refusal(lambda: draw(remote, "tôt")) == PassagesRefusal.DRAW_ELSEWHERE
    remote.until("nominees")
    assert refusal(lambda: draw(remote, "mot")) == PassagesRefusal.DRAW_NO_SEAL
    remote.until("presentation")
    sealed(plan)
    assert refusal(lambda: draw(remote, "tard")) == PassagesRefusal.DRAW_ELSEWHERE


def test_an_order_by_hand_names_each_nominee_once(remote, plan, eve, client_of):
    shown = remote.until("nominees")
    teams = [team.pk for team in shown.teams]
    browser, address = client_of(eve), reverse("passages:order")
    step = Ceremony.objects.get().step

    same = ["1"] * len(teams)
    browser.post(address, {"seen": step, "team": teams, "rank": same})
    assert PassagePlan.objects.get().order == []
    ranks = [str(len(teams) - n) for n in range(len(teams))]
    browser.post(address, {"seen": step, "team": teams, "rank": ranks})

    assert [team.pk for team in remote.shown.teams] == teams[::-1]
