from collections.abc import Callable
from threading import Barrier

import pytest
from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.extras.rounds import rules, services
from hackathon.extras.rounds.enums import Progress
from hackathon.extras.rounds.errors import CheckInRefusal
from hackathon.extras.rounds.models import CheckIn, CheckInAnswer, RoundVisit
from tests.concurrency.test_marks import at_once
from tests.conftest import NOON, make_user
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_two_taps_at_once_are_one_visit(comunik, dan):
    def tap() -> object:
        return services.see(team=comunik, by=dan.user, at=NOON)

    assert at_once(tap, tap, tap) == ["done"] * 3
    assert RoundVisit.objects.count() == 1
    assert JournalEntry.objects.filter(act="round.seen").count() == 1


def test_two_members_who_answer_at_once_give_one_answer(edition, comunik, ada, ben, eve):
    check_in = services.ask(edition=edition, by=eve, at=NOON)

    def answering(by: User, progress: Progress) -> Callable[[], object]:
        return lambda: services.answer(
            check_in=check_in, team=comunik, progress=progress, text="", by=by, at=NOON
        )

    answers = at_once(answering(ada, Progress.FINE), answering(ben, Progress.STUCK))

    assert answers == ["done", "done"]
    assert CheckInAnswer.objects.count() == 1


@pytest.mark.postgres
def test_without_the_lock_two_organizers_ask_twice(edition, eve):
    both_have_read = Barrier(2, timeout=PATIENCE)

    def asking(seconds: int) -> Callable[[], object]:
        def ask() -> None:
            asks_at = NOON.replace(second=seconds)
            with transaction.atomic():
                refusal = rules.asking_refusal(
                    edition, asks_at, list(CheckIn.objects.standing()), at=NOON
                )
                both_have_read.wait()
                assert refusal is None
                CheckIn.objects.create(edition=edition, asks_at=asks_at, asked_by=eve)

        return ask

    assert at_once(asking(0), asking(1)) == ["done", "done"]
    assert CheckIn.objects.count() == 2


def test_of_two_organizers_who_ask_at_once_one_is_refused(edition, eve):
    other = make_user("other@example.org")
    edition.organizers.add(other)

    answers = at_once(
        lambda: services.ask(edition=edition, by=eve, at=NOON),
        lambda: services.ask(edition=edition, by=other, at=NOON.replace(second=1)),
    )

    assert sorted(answers) == sorted(["done", CheckInRefusal.TOO_CLOSE.value])
    assert CheckIn.objects.count() == 1
