from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from hackathon.accounts.models import User
from hackathon.questions.enums import Addressee, Topic
from hackathon.questions.models import Publication, Question
from hackathon.questions.rules import Answerer, Asker
from hackathon.questions.services import questions
from teams.models import Team
from tests.conftest import DEADLINE, NOON

ORGANIZER = Answerer(organizer=True)


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def ask(team: Team, by: User, body: str = "Faut-il un logo ?", **given: Any) -> Question:
    fields = {"to": Addressee.ORGANIZERS, "topic": Topic.OTHER, "at": NOON, **given}
    asker = Asker(team.pk, team.name, team.department, closes_at=DEADLINE)
    return questions.ask(asker=asker, body=body, by=by, **fields)


def publish(question: Question, by: User, to: str, wording: str = "Un logo ?") -> Publication:
    questions.answer(
        question=question,
        who=ORGANIZER,
        text="**Oui.**",
        publish_to=to,
        wording=wording,
        by=by,
        at=NOON,
    )
    return Publication.objects.get(question=question)


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()
