"""Answers without a name, and signed sentences."""

import json

import pytest
from django.test import Client

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.extras.voices import rules, selectors, services
from hackathon.extras.voices.errors import VoiceRefusal
from hackathon.extras.voices.models import Ballot, Sentence, Survey
from hackathon.run.privacy.services import effects
from tests.conftest import NOON
from tests.judging.conftest import MORNING, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(MORNING, tick=False)]

SETUP = "/organisation/editions/ccd-2020/avis/"
PRESS = "/editions/ccd-2020/presse/"
WORDS = ["le sujet", "la nuit", "", "la pizza", "mon équipe", "le jury"]


def refusal(act) -> VoiceRefusal:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.refusal.code


# ---------------------------------------------------------------- answers


def test_a_member_answers_once_after_the_results(client_of, members, answer):
    browser = client_of(members[0].user)

    before = text_of(browser.get("/avis/"))
    browser.post("/avis/", {"scale": "4", "first": "le sujet", "second": ""})
    browser.post("/avis/", {"scale": "1", "first": "rien"})
    after = text_of(browser.get("/avis/"))

    for question in ("Comment était la journée ?", "ce qui était le mieux ?", "changer ?"):
        assert before.count(question) == 1
    assert "Vous avez répondu" in after
    assert Ballot.objects.get().answers == {"scale": [4], "first": ["le sujet"], "second": []}


def test_the_questions_are_closed_before_the_results(client_of, comunik, ada):
    browser, member = client_of(ada), comunik.memberships.get(user=ada)

    assert "Pas encore ouvert" in text_of(browser.get("/avis/"))
    for act in (
        lambda: services.answer(member, given={"scale": [3]}, at=NOON),
        lambda: services.sign(member, text="Top", at=NOON),
    ):
        assert refusal(act) == VoiceRefusal.TOO_EARLY


def test_a_question_without_a_text_is_not_asked(client_of, published, members, eve):
    questions = {"scale": "Alors ?", "first": "", "second": "Et demain ?"}
    services.set_up(published, by=eve, at=MORNING, **questions)

    page = text_of(client_of(members[0].user).get("/avis/"))
    unmarked = client_of(members[0].user).post("/avis/", {"second": "tout"})

    assert "Alors ?" in page
    assert "Et demain ?" in page
    assert "le mieux" not in page
    assert unmarked.status_code == 422


def test_questions_do_not_change_after_the_first_answer(published, members, answer, eve):
    answer(members[0], 4)

    def change() -> None:
        services.set_up(published, by=eve, at=MORNING, scale="Autre ?")

    assert refusal(change) == VoiceRefusal.ANSWERED


def test_organizers_read_whole_batches_of_five_and_their_average(
    client_of, published, members, answer, eve
):
    browser, pages = client_of(eve), []
    for member, mark, best in zip(members, (5, 4, 5, 3, 4, 1), WORDS, strict=True):
        answer(member, mark, best)
        pages.append(text_of(browser.get(SETUP)))
    shown = selectors.results_of(Survey.objects.get())
    file = browser.get(SETUP, {"export": "csv"}).content.decode()

    assert not any(word in page for page in pages[:4] for word in WORDS if word)
    assert "le jury" not in pages[5]
    assert (shown["people"], shown["shown"], shown["average"]) == (6, 5, 4.2)
    assert [text for _question, text in shown["lines"]] == [
        *(3, 4, 4, 5, 5),
        *("la nuit", "la pizza", "le sujet", "mon équipe"),
    ]
    assert "mon équipe" in file
    assert "le jury" not in file


def test_no_row_has_a_person_and_an_answer_or_an_instant(members, answer):
    for member in members:
        answer(member, 4, "le sujet")

    fields = {field.name for model in (Survey, Ballot) for field in model._meta.concrete_fields} - {
        "id",
        "edition",
        "survey",
    }
    ballot = Ballot.objects.get()

    assert fields == {"scale", "first", "second", "people", "answers", "voters"}
    assert (Survey.objects.count(), Ballot.objects.count()) == (1, 1)
    assert ballot.voters == sorted(ballot.voters)
    assert not {str(member.user_id) for member in members} & set(ballot.voters)
    assert not JournalEntry.objects.exists()


def test_two_orders_of_the_same_answers_leave_the_same_rows(members, answer):
    left = []
    for order in (members, members[::-1]):
        Survey.objects.all().delete()
        # The same key: the digests of voters depend on it.
        Survey.objects.create(pk=7, edition=members[0].edition)
        for member in [*order[1:-1], order[-1], order[0]][:5]:
            answer(member, 1 + member.user_id % 5, WORDS[member.user_id % 6])
        left.append(json.dumps([Survey.objects.get().answers, Ballot.objects.get().answers]))
    many = [rules.merged({"scale": [2]}, {"scale": [1]}), rules.merged({"scale": [1, 2]}, {})]

    assert json.loads(left[0])[1] == json.loads(left[1])[1] == {}
    assert many[0] == many[1]


# ---------------------------------------------------------------- sentences


def test_a_sentence_is_public_once_accepted_and_gone_as_its_author_withdraws(
    client_of, published, members, eve
):
    author, organizer = client_of(members[0].user), client_of(eve)

    def press() -> str:
        return text_of(Client().get(PRESS))

    author.post("/avis/phrase/", {"text": "Une expérience au top !"})
    signed, pk = press(), Sentence.objects.get().pk
    organizer.post(f"{SETUP}{pk}/", {"text": "Une expérience au top !", "accept": ""})
    accepted = press()
    author.post("/avis/phrase/", {"text": ""})

    assert "Une expérience au top !" not in signed
    assert "Une expérience au top !" in accepted
    assert "Louis0, Informatique" in accepted
    assert "Durand" not in accepted
    assert "Une expérience au top !" not in press()
    assert not Sentence.objects.exists()


def test_another_text_and_an_organizer_take_it_from_the_page(client_of, published, members, eve):
    services.sign(members[0], text="Top", at=MORNING)
    sentence = Sentence.objects.get()
    act = {"by": eve, "at": MORNING}

    services.decide(published, sentence.pk, text="Top", accept=True, **act)
    services.sign(members[0], text="Bof", at=MORNING)
    changed = "Bof" in text_of(client_of(eve).get(PRESS))
    services.decide(published, sentence.pk, text="Bof", accept=True, **act)
    services.decide(published, sentence.pk, text="Bof", accept=False, **act)

    assert not changed
    assert Sentence.objects.get().accepted_at is None


def test_a_text_that_the_organizer_has_not_read_is_not_accepted(published, members, eve):
    services.sign(members[0], text="Autre chose", at=MORNING)
    pk = Sentence.objects.get().pk

    def accept() -> None:
        services.decide(published, pk, text="Top", accept=True, by=eve, at=MORNING)

    assert refusal(accept) == VoiceRefusal.CHANGED


def test_without_a_name_only_the_department_is_shown(client_of, published, members, eve):
    members[0].user.name = ""
    members[0].user.save()
    Sentence.objects.create(membership=members[0], text="Top", accepted_at=MORNING)

    page = text_of(client_of(eve).get(PRESS))

    assert "« Top »" in page
    assert "voice0" not in page


def test_erasure_deletes_the_sentence_and_anonymisation_also_the_voters(published, members, answer):
    for member in members:
        answer(member, 5)
        Sentence.objects.create(membership=member, text="Top", accepted_at=MORNING)

    effects.erase(members[0].user)
    erased = Sentence.objects.count()
    effects.anonymise(published, {}, with_pictures=False)

    assert erased == 5
    assert (Sentence.objects.count(), Ballot.objects.count()) == (0, 0)
    assert selectors.results_of(Survey.objects.get())["average"] == 5
