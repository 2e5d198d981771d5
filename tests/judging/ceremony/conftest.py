"""A ceremony with passages, and a client of its remote."""

from collections.abc import Callable
from typing import Any

import pytest

from hackathon.accounts.models import User
from hackathon.core.errors import Refused
from hackathon.core.received_files import received_file
from hackathon.editions.models import Department, Edition
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.services import passages
from judging.ceremony.services import screens as ceremony
from judging.models import Ceremony, Passage, PassagePlan
from submissions.deposits import services as deposits
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Seal
from teams.models import Team
from tests.conftest import NOON
from tests.judging.conftest import MORNING, NIGHT

SEED = "5" * 64


@pytest.fixture
def plan(locked: Department) -> PassagePlan:
    Deliverable.objects.filter(department=locked).update(is_deck=False)
    return PassagePlan.objects.create(department=locked)


@pytest.fixture
def deck(plan: PassagePlan) -> Deliverable:
    return Deliverable.objects.create(
        department=plan.department, name="Support", kind="file", is_deck=True, position=9
    )


@pytest.fixture
def running(plan: PassagePlan, edition: Edition, eve: User) -> Ceremony:
    return ceremony.start(edition=edition, rehearsal=False, by=eve, at=MORNING)


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

    def turn(self, pages: int = 1) -> int:
        passages.direct(pages=pages, changes=Passage.objects.latest("pk").changes, **self.seen)
        return Passage.objects.latest("pk").page

    @property
    def shown(self) -> selectors.ScreenState:
        return selectors.screen_state(self.edition, at=self.at)

    def until(self, kind: str) -> selectors.ScreenState:
        while self.shown.kind != kind:
            before = self.shown
            assert self.go() != before, kind
        return self.shown


@pytest.fixture
def remote(running: Ceremony, edition: Edition, eve: User) -> Remote:
    return Remote(edition, eve)


def hand_in(deck: Deliverable, team: Team, **content: Any) -> None:
    by = team.memberships.first().user  # type: ignore[union-attr]
    if "file" in content:
        content["file"] = received_file(content["file"], "support.pdf")
    submission = deposits.deposit(deck, team, begun_at=NOON, by=by, at=NOON, **content)
    assert submission is not None
    inspections.record(submission, Result({"type": "pdf", "pages": 3}), at=NOON)


def refusal(act: Callable[[], Any]) -> Any:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.refusal.code


def nominees(remote: Remote) -> list[str]:
    state = selectors.ceremony_state(remote.edition)
    assert state is not None
    names = dict(Team.objects.values_list("pk", "name"))
    return [names[team] for team in state.decisions[0].nominees if isinstance(team, int)]


def sealed(plan: PassagePlan) -> None:
    Seal.objects.create(
        edition=plan.department.edition,
        department=plan.department,
        moment="deadline",
        as_of=NIGHT,
        made_at=NIGHT,
        manifest={},
        digest=SEED,
    )
