"""A ceremony, and a client of its remote."""

from collections.abc import Callable
from typing import Any

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.event.editions.models import Edition
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.services import screens as ceremony
from judging.models import Ceremony
from tests.judging.conftest import MORNING


class Remote:
    # Presses buttons as somebody who sees the current state.

    def __init__(self, edition: Edition, by: User) -> None:
        self.act: dict[str, Any] = {"edition": edition, "by": by}
        self.edition = edition
        self.at = MORNING

    @property
    def seen(self) -> dict[str, Any]:
        now = Ceremony.objects.get()
        return {**self.act, "at": self.at, "seen": now.step, "rehearsal": now.is_rehearsal}

    def go(self, steps: int = 1) -> selectors.ScreenState:
        ceremony.move(steps=steps, **self.seen)
        return self.shown

    @property
    def shown(self) -> selectors.ScreenState:
        return selectors.screen_state(self.edition, at=self.at)

    def until(self, kind: str) -> selectors.ScreenState:
        while self.shown.kind != kind:
            before = self.shown
            assert self.go() != before, kind
        return self.shown


@pytest.fixture
def running(locked, edition, eve) -> Ceremony:
    return ceremony.start(edition=edition, rehearsal=False, by=eve, at=MORNING)


@pytest.fixture
def remote(running, edition, eve) -> Remote:
    return Remote(edition, eve)


def refusal(act: Callable[[], Any]) -> Any:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.refusal.code
