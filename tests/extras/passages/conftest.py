"""A ceremony with passages, and a client of its remote."""

from typing import Any

import pytest

from hackathon.base.core.received_files import received_file
from hackathon.extras.passages import services
from hackathon.extras.passages.models import Passage, PassagePlan
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.services import screens as ceremony
from judging.models import Ceremony
from submissions.deposits import services as deposits
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Seal
from teams.models import Team
from tests.conftest import NOON
from tests.judging.ceremony.conftest import Remote as RemoteOfSteps
from tests.judging.ceremony.conftest import refusal
from tests.judging.conftest import *  # noqa: F403
from tests.judging.conftest import MORNING, NIGHT

__all__ = ["refusal"]

SEED = "5" * 64


@pytest.fixture
def plan(locked) -> PassagePlan:
    Deliverable.objects.filter(department=locked).update(is_deck=False)
    return PassagePlan.objects.create(department=locked)


@pytest.fixture
def deck(plan) -> Deliverable:
    return Deliverable.objects.create(
        department=plan.department, name="Support", kind="file", is_deck=True, position=9
    )


@pytest.fixture
def running(plan, edition, eve) -> Ceremony:
    return ceremony.start(edition=edition, rehearsal=False, by=eve, at=MORNING)


class Remote(RemoteOfSteps):
    def turn(self, pages: int = 1) -> int:
        services.direct(pages=pages, changes=Passage.objects.latest("pk").changes, **self.seen)
        return Passage.objects.latest("pk").page

    @property
    def on_stage(self) -> Any:
        """None if no team is."""
        shown = self.shown
        return shown.details if shown.on_stage else None


@pytest.fixture
def remote(running, edition, eve) -> Remote:
    return Remote(edition, eve)


def hand_in(deck: Deliverable, team: Team, **content: Any) -> None:
    by = team.memberships.first().user
    if "file" in content:
        content["file"] = received_file(content["file"], "support.pdf")
    submission = deposits.deposit(deck, team, begun_at=NOON, by=by, at=NOON, **content)
    assert submission is not None
    inspections.record(submission, Result({"type": "pdf", "pages": 3}), at=NOON)


def nominees(remote: Remote) -> list[str]:
    state = selectors.ceremony_state(remote.edition)
    assert state is not None
    names = dict(Team.objects.values_list("pk", "name"))
    step = next(step for step in state.steps if step.kind == "nominees")
    return [names[team] for team in step.teams if isinstance(team, int)]


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
