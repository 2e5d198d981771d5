"""Nothing that a projector or a phone gets before the prizes depends on winners."""

from collections.abc import Iterator
from functools import partial

import pytest

from hackathon.event.editions.models import Edition
from hackathon.extras.passages.models import PassagePlan
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.steps import StepKind
from submissions.models import Submission
from tests.access.roles import browser_of
from tests.judging.ceremony.test_ceremony_secrecy import (
    DRUM,
    OPEN_TO_ALL,
    Answers,
    Scenario,
    both,
    scenario,
)
from tests.judging.conftest import MORNING

__all__ = ["scenario"]  # the fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def friday(scenario) -> Iterator[Scenario]:
    PassagePlan.objects.all().delete()
    PassagePlan.objects.create(department=scenario.deliberation.department)
    Edition.objects.update(extras=[*scenario.edition.extras, "passages"])
    scenario.edition.refresh_from_db()
    return scenario


@pytest.mark.parametrize("role", ["anonymous", "cleo", "diane", "eve"])
def test_at_every_step_before_the_prizes_all_is_the_same(role, friday, request):
    answers = Answers(browser_of(role, request))
    urls = [*OPEN_TO_ALL, "/passage/", "/ceremonie/telecommande/", "/api/v1/ceremony/"]
    projector = friday.world.objects["projector"]
    decks = f"/projection/{projector.key}/supports/"
    urls += [decks, *(f"{decks}{deck.pk}/" for deck in Submission.objects.all())]

    kinds: list[str] = []
    for step in range(DRUM + 4 + 1):
        answers.become(f"step {step}", partial(friday.go, step))
        two, four = both(friday, answers, urls)
        assert two == four, step
        kinds.append(selectors.screen_state(friday.edition, at=MORNING).kind)

    assert kinds.count(StepKind.PRESENTATION) == 4
    assert kinds[-1] == StepKind.DRUM
