# The first test shows the race without the lock, on PostgreSQL.

from threading import Barrier

import pytest
from django.db import connection, transaction

from hackathon.extras.voices import services
from hackathon.extras.voices.models import Ballot, Sentence, Survey
from tests.concurrency.test_marks import ROUNDS, at_once
from tests.judging.conftest import MORNING
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.postgres
def test_without_the_lock_an_answer_is_lost(published):
    Ballot.objects.create(survey=Survey.objects.create(edition=published))
    both_have_read = Barrier(2, timeout=PATIENCE)

    def answer_without_lock(voter: str) -> None:
        with transaction.atomic():
            ballot = Ballot.objects.get()
            both_have_read.wait()
            ballot.voters = [*ballot.voters, voter]
            ballot.save()

    at_once(lambda: answer_without_lock("a"), lambda: answer_without_lock("b"))

    assert len(Ballot.objects.get().voters) == 1


def test_six_people_at_once_are_all_counted(members, answer):
    acts = [lambda member=member: answer(member, 4) for member in members]

    assert at_once(*acts) == ["done"] * 6

    survey, ballot = Survey.objects.get(), Ballot.objects.get()
    assert (survey.people, len(ballot.voters)) == (5, 6)
    assert (survey.answers["scale"], ballot.answers["scale"]) == ([4] * 5, [4])


def test_two_taps_of_one_person_at_once_are_one_answer(members, answer):
    at_once(lambda: answer(members[0], 5), lambda: answer(members[0], 1))

    assert len(Ballot.objects.get().answers["scale"]) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_an_answer_or_a_change_of_the_questions_comes_first(
    published, members, answer, eve, round_
):
    def change() -> None:
        services.set_up(published, by=eve, at=MORNING, scale="Autre ?")

    done = at_once(lambda: answer(members[0], 5), change)

    is_changed = Survey.objects.get().scale == "Autre ?"
    assert done[0] == "done"
    assert (done[1] == "done") == is_changed


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_what_the_author_writes_meanwhile_is_never_accepted(published, members, eve, round_):
    services.sign(members[0], text="Top", at=MORNING)
    pk = Sentence.objects.get().pk

    at_once(
        lambda: services.sign(members[0], text="Bof", at=MORNING),
        lambda: services.decide(published, pk, text="Top", accept=True, by=eve, at=MORNING),
    )

    sentence = Sentence.objects.get()
    assert (sentence.text, sentence.accepted_at) == ("Bof", None)


@pytest.mark.postgres
def test_the_row_of_those_who_have_answered_is_in_no_log():
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'voices_ballot'")
        assert cursor.fetchone() == ("u",)
