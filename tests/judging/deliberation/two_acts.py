"""Fixtures and helpers of the tests about juries in two acts."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from hackathon.base.core.errors import Refused
from hackathon.event.editions.models import Department
from judging.deliberation.services import decision
from judging.models import NominationSeal, PassageCriterion
from judging.setup.services import method
from teams.models import Team
from tests.judging.conftest import MORNING


@pytest.fixture
def in_the_morning() -> object:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def act(infocom, diane) -> dict[str, Any]:
    return {"department": infocom, "by": diane.user, "at": MORNING}


@pytest.fixture
def nominated(scored, act) -> Department:
    # Com’unik and Les Five are nominated by a jury that hears them first. Nothing is locked.
    comunik, five, _third = scored
    method.hear_nominees(hears=True, **act)
    decision.decide(nominees=[comunik.pk, five.pk], places={}, **act)
    return act["department"]


@pytest.fixture
def sealed(nominated, act) -> NominationSeal:
    return decision.lock(nominees=True, **act).nomination_seal


@pytest.fixture
def speech(infocom) -> PassageCriterion:
    return PassageCriterion.objects.create(department=infocom, name="Clarté", position=1)


def choose(first: Team, second: Team, act: dict[str, Any]) -> None:
    pks = [first.pk, second.pk]
    decision.decide(nominees=pks, places={pks[0]: 1, pks[1]: 2}, reason="Entendu.", **act)


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as error:
        call()
    return error.value.refusal.code
