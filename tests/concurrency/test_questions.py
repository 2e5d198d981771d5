from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.mail_tasks import MAIL_DELAY
from hackathon.base.core.models import LiveMessage
from hackathon.day.announcements import tasks
from hackathon.day.announcements.services import announcements
from hackathon.day.announcements.services.mail import claim as claim_mail
from hackathon.day.questions import rules
from hackathon.day.questions.enums import QuestionState
from hackathon.day.questions.models import Question
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.day.questions.services import questions
from tests.concurrency.test_marks import at_once as both
from tests.conftest import DEADLINE, NOON, make_user
from tests.waiting import PATIENCE, another_waits, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ORGANIZER = Answerer(organizer=True)
LATER = NOON + timedelta(minutes=1)
ROUNDS = 3


@pytest.fixture
def question(comunik, ada) -> Question:
    asker = Asker(comunik.pk, comunik.name, comunik.department, closes_at=DEADLINE)
    return questions.ask(
        asker=asker, to="organizers", topic="other", body="Un logo ?", by=ada, at=NOON
    )


@pytest.fixture
def organizers(edition) -> list[User]:
    found = [make_user(f"o{number}@example.org", f"O{number}") for number in range(4)]
    edition.organizers.add(*found)
    return found


def at_once(act: Callable[[Any], str], arguments: Sequence[Any]) -> list[str]:
    barrier = Barrier(len(arguments), timeout=PATIENCE)

    def run(argument: Any) -> str:
        try:
            barrier.wait()
            return act(argument)
        except Refused as refused:
            return refused.refusal.code.value
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return sorted(pool.map(run, arguments))


@pytest.mark.postgres
def test_without_the_lock_two_organizers_take_one_question(question, organizers):
    both_have_read = Barrier(2, timeout=PATIENCE)

    def take_without_lock(by: User) -> str:
        with transaction.atomic():
            found = Question.objects.get(pk=question.pk)
            refusal = rules.take_refusal(found, ORGANIZER, by_pk=by.pk, over=False)
            both_have_read.wait()
            if refusal is not None:
                return refusal.code.value
            found.state, found.taken_by = QuestionState.TAKEN, by
            found.save()
        return "mine"

    assert at_once(take_without_lock, organizers[:2]) == ["mine", "mine"]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_of_four_organizers_takes_the_question(question, organizers, round_):
    def take(by: User) -> str:
        questions.take(question=question, who=ORGANIZER, by=by, at=LATER)
        return "mine"

    answers = at_once(take, organizers)

    assert answers == ["mine"] + ["question_taken"] * 3


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_of_four_organizers_answers_the_question(question, organizers, round_):
    def answer(by: User) -> str:
        questions.answer(question=question, who=ORGANIZER, text=by.name, by=by, at=LATER)
        return "answered"

    answers = at_once(answer, organizers)

    question.refresh_from_db()
    assert answers == ["answered"] + ["question_settled"] * 3
    assert question.settled_by is not None
    assert question.answer == question.settled_by.name
    assert LiveMessage.objects.filter(type="question.answered").count() == 1


def test_two_members_at_once_ask_one_question(comunik, ada, ben):
    asker = Asker(comunik.pk, comunik.name, comunik.department, closes_at=DEADLINE)

    def ask(by: User) -> str:
        questions.ask(asker=asker, to="client", topic="other", body="?", by=by, at=NOON)
        return "asked"

    assert at_once(ask, [ada, ben]) == ["asked", "question_too_soon"]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_four_processes_publish_and_mail_an_announcement_once(edition, comunik, eve, round_):
    announcement = announcements.announce(
        edition=edition,
        audience=f"team:{comunik.pk}",
        audience_label="Com’unik",
        body="Pizzas",
        by_mail=True,
        publish_at=LATER,
        by=eve,
        at=NOON,
    )

    def publish(_: int) -> str:
        return "published" if announcements.push_if_due(pk=announcement.pk, at=LATER) else "nothing"

    answers = at_once(publish, range(4))

    assert answers == ["nothing"] * 3 + ["published"]
    assert LiveMessage.objects.filter(type="announcement.published").count() == 1

    def send(_: int) -> str:
        announcements.mail_if_due(pk=announcement.pk, at=LATER + MAIL_DELAY)
        return "done"

    at_once(send, range(4))

    assert len(mail.outbox) == 2


def test_a_batch_run_by_several_workers_is_mailed_once(edition, comunik, ada, ben, eve):
    announcement = announcements.announce(
        edition=edition,
        audience="everyone",
        audience_label="Tous",
        body="Pizzas",
        by=eve,
        at=NOON,
    )

    def send(_: int) -> str:
        tasks.mail_batch(announcement.pk, 0, [ada.pk, ben.pk])
        return "done"

    at_once(send, range(4))

    assert sorted(to for sent in mail.outbox for to in sent.to) == [ada.email, ben.email]


@pytest.mark.postgres
def test_no_email_leaves_after_the_organizer_has_withdrawn_the_announcement(
    edition, comunik, ada, eve
):
    announcement = announcements.announce(
        edition=edition,
        audience=f"team:{comunik.pk}",
        audience_label="Com’unik",
        body="Pizzas",
        by_mail=True,
        by=eve,
        at=NOON,
    )
    at, is_withdrawn = NOON + MAIL_DELAY, Event()

    def withdraw() -> None:
        with transaction.atomic():
            announcements.withdraw(announcement=announcement, by=eve, at=at)
            is_withdrawn.set()
            wait_until(another_waits)

    def claim() -> None:
        is_withdrawn.wait(PATIENCE)
        assert not claim_mail(announcement, ada, at=at)

    assert both(withdraw, claim) == ["done", "done"]
    announcements.mail_if_due(pk=announcement.pk, at=at)
    assert mail.outbox == []
