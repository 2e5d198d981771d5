"""One question, wanted by several in the same instant; one announcement, told by several processes.

Runs on whichever database is configured. The race itself is shown first, where a database lets it
happen.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from hackathon.accounts.models import User
from hackathon.announcements import services as announcements
from hackathon.announcements import tasks
from hackathon.core.errors import Refused
from hackathon.core.models import LiveMessage
from hackathon.editions.models import Edition
from hackathon.questions import rules
from hackathon.questions.enums import QuestionState
from hackathon.questions.models import Question
from hackathon.questions.rules import Answerer, Asker
from hackathon.questions.services import questions
from teams.models import Team
from tests.conftest import DEADLINE, NOON, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ORGANIZER = Answerer(organizer=True)
LATER = NOON + timedelta(minutes=1)
ROUNDS = 3


@pytest.fixture
def question(comunik: Team, ada: User) -> Question:
    """Ada's question."""
    asker = Asker(comunik.pk, comunik.name, comunik.department, closes_at=DEADLINE)
    return questions.ask(
        asker=asker, to="organizers", topic="other", body="Un logo ?", by=ada, at=NOON
    )


@pytest.fixture
def organizers(edition: Edition) -> list[User]:
    """Four people who organize."""
    found = [make_user(f"o{number}@example.org", f"O{number}") for number in range(4)]
    edition.organizers.add(*found)
    return found


def at_once(act: Callable[[Any], str], given: Sequence[Any]) -> list[str]:
    """Run `act` for each in a thread and a connection of its own, released together."""
    barrier = Barrier(len(given), timeout=20)

    def run(one: Any) -> str:
        try:
            barrier.wait()
            return act(one)
        except Refused as refused:
            return refused.refusal.code.value
        finally:
            connection.close()

    with ThreadPoolExecutor(len(given)) as pool:
        return sorted(pool.map(run, given))


@pytest.mark.postgres
def test_without_the_lock_two_have_it(question: Question, organizers: list[User]) -> None:
    both_have_looked = Barrier(2, timeout=20)

    def take_without_lock(by: User) -> str:
        with transaction.atomic():
            found = Question.objects.get(pk=question.pk)
            refusal = rules.take_refusal(found, ORGANIZER, by_pk=by.pk, over=False)
            both_have_looked.wait()
            if refusal is not None:
                return refusal.code.value
            found.state, found.taken_by = QuestionState.TAKEN, by
            found.save()
        return "mine"

    assert at_once(take_without_lock, organizers[:2]) == ["mine", "mine"]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_four_who_take_it_one_has_it(
    question: Question, organizers: list[User], round_: int
) -> None:
    def take(by: User) -> str:
        questions.take(question=question, who=ORGANIZER, by=by, at=LATER)
        return "mine"

    answers = at_once(take, organizers)

    assert answers == ["mine"] + ["question_taken"] * 3


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_four_who_answer_one_does(
    question: Question, organizers: list[User], round_: int
) -> None:
    def answer(by: User) -> str:
        questions.answer(question=question, who=ORGANIZER, text=by.name, by=by, at=LATER)
        return "answered"

    answers = at_once(answer, organizers)

    question.refresh_from_db()
    assert answers == ["answered"] + ["question_settled"] * 3
    assert question.settled_by is not None
    assert question.answer == question.settled_by.name
    assert LiveMessage.objects.filter(type="question.answered").count() == 1


def test_two_members_who_press_at_once_ask_once(comunik: Team, ada: User, ben: User) -> None:
    asker = Asker(comunik.pk, comunik.name, comunik.department, closes_at=DEADLINE)

    def ask(by: User) -> str:
        questions.ask(asker=asker, to="client", topic="other", body="?", by=by, at=NOON)
        return "asked"

    assert at_once(ask, [ada, ben]) == ["asked", "question_too_soon"]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_an_announcement_is_told_and_mailed_once_by_four_processes(
    edition: Edition, comunik: Team, eve: User, round_: int
) -> None:
    said = announcements.announce(
        edition=edition,
        audience=f"team:{comunik.pk}",
        audience_label="Com’unik",
        body="Pizzas",
        by_mail=True,
        publish_at=LATER,
        by=eve,
        at=NOON,
    )

    def tell(_: int) -> str:
        return "told" if announcements.tell(pk=said.pk, at=LATER) else "nothing"

    answers = at_once(tell, range(4))

    assert answers == ["nothing"] * 3 + ["told"]
    assert LiveMessage.objects.filter(type="announcement.published").count() == 1
    assert len(mail.outbox) == 2


def test_a_batch_that_two_workers_run_at_once_is_sent_once(
    edition: Edition, comunik: Team, ada: User, ben: User, eve: User
) -> None:
    said = announcements.announce(
        edition=edition,
        audience="everyone",
        audience_label="Tous",
        body="Pizzas",
        by=eve,
        at=NOON,
    )

    def send(_: int) -> str:
        tasks.mail_batch(said.pk, 0, [ada.pk, ben.pk])
        return "done"

    at_once(send, range(4))

    assert sorted(to for sent in mail.outbox for to in sent.to) == [ada.email, ben.email]
