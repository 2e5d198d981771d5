from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from hackathon.extras.favourite import services
from hackathon.extras.favourite.models import Favourite, Tally
from judging.ceremony.selectors.state import Addition, CeremonyState, ScreenState
from judging.ceremony.steps import Step, StepKind
from teams.models import Team
from tests.conftest import make_team
from tests.judging.conftest import MORNING

PAGE = "/coup-de-coeur/"
BADGE = "/coup-de-coeur/badge/"
TITLE = "Coup de cœur du public"


class Staged(Addition):
    """The nominees of Info present their work, as the steps of another extra."""

    kinds = {StepKind.PRESENTATION: "une équipe sur scène"}

    def with_steps(self, steps: list[Step]) -> list[Step]:
        made = []
        info = self.edition.departments.get(code="INFO").pk
        for step in steps:
            made.append(step)
            if step.kind == StepKind.NOMINEES and step.department == info:
                made += [Step(StepKind.PRESENTATION, step.department, (t,)) for t in step.teams]
        return made

    def screen(self, state: CeremonyState, shown: ScreenState, *, at: datetime) -> ScreenState:
        is_own = shown.kind == StepKind.PRESENTATION
        return replace(shown, own_template="stage/ceremony/nominees.html") if is_own else shown

    def has_passages(self) -> bool:
        return True


@pytest.fixture
def act(eve) -> dict[str, Any]:
    return {"by": eve, "at": MORNING}


@pytest.fixture
def five(comunik) -> Team:
    return make_team(comunik.department, "Les Five")


@pytest.fixture
def prepared(edition, comunik, pixels, act) -> Favourite:
    services.prepare(edition=edition, title=TITLE, only_presented=True, **act)
    return Favourite.objects.get()


@pytest.fixture
def opened(prepared, act) -> Favourite:
    services.open_by_hand(favourite=prepared, **act)
    return Favourite.objects.select_related("edition").get()


def code_of(favourite: Favourite, act: dict[str, Any]) -> str:
    return services.print_badges(favourite=favourite, count=1, **act)[0][1]


def phone(code: str) -> Client:
    # A browser without an account that has read the badge.
    browser = Client()
    assert browser.post(BADGE, {"code": code}).status_code == 302
    return browser


def votes() -> dict[str, int]:
    return {team: n for tally in Tally.objects.all() for team, n in tally.votes.items() if n}
