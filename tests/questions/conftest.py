from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from hackathon.base.accounts.models import User
from hackathon.day.questions.enums import Addressee, PublishTo, Topic
from hackathon.day.questions.models import Publication, Question
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.day.questions.services import questions
from teams.models import Team
from tests.addresses import World
from tests.conftest import DEADLINE, NOON, make_team, make_user

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


def asked_in_secret(world: World, eve: User, marker: str) -> tuple[Question, Question, User]:
    """Two questions of one team, published to its department and to everybody, and a member of
    another team of the department. Only the questions contain the marker.
    """
    department = world.objects["department"]
    asking = make_user("asks@example.org", f"Zoé {marker}")
    neighbour = make_user("neighbour@example.org", "Nina")
    make_team(department, "Les Voisins", neighbour)
    team = make_team(department, f"Les {marker}", asking, room="9")
    aside: dict[str, Any] = {"topic": Topic.PRACTICAL, "at": NOON - timedelta(hours=1)}
    question = ask(team, asking, f"Nous, les {marker}, faut-il un logo ?", **aside)
    publish(question, eve, PublishTo.DEPARTMENT, "Un logo ?")
    other = ask(team, asking, f"Nous, les {marker}, en couleurs ?", topic=Topic.PRACTICAL)
    publish(other, eve, PublishTo.EVERYONE, "En couleurs ?")
    # The home page names every team.
    Team.objects.filter(pk=team.pk).update(name="Équipe ordinaire")
    User.objects.filter(pk=asking.pk).update(name="Zoé")
    world.objects["question"] = question
    return question, other, neighbour
