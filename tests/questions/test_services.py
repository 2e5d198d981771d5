from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.day.questions import rules, selectors
from hackathon.day.questions.enums import Addressee, PublishTo, QuestionState, Topic
from hackathon.day.questions.errors import QuestionRefusal
from hackathon.day.questions.models import CannedAnswer, Publication, Question
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.day.questions.services import canned, questions
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.services import editions
from tests.conftest import DEADLINE, NOON
from tests.editions.conftest import journalled
from tests.refusals import refuses

pytestmark = pytest.mark.django_db
ORGANIZER = Answerer(organizer=True)
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def asker(comunik) -> Asker:
    return Asker(comunik.pk, comunik.name, comunik.department, closes_at=DEADLINE)


def ask(asker: Asker, by: User, body: str = "Faut-il un logo ?", **given: Any) -> Question:
    defaults = {"to": Addressee.ORGANIZERS, "topic": Topic.OTHER, "at": NOON, **given}
    return questions.ask(asker=asker, body=body, by=by, **defaults)


def published() -> list[tuple[str, tuple[str, ...]]]:
    return [(m.type, m.audience_names) for m in LiveMessage.objects.all()]


@pytest.fixture
def cases(asker, infocom, ada, eve, gil) -> dict[QuestionRefusal, Callable[[], Any]]:
    nobody = Answerer()
    client = Answerer(client_of={infocom.pk})

    def made(**fields: Any) -> Question:
        given = {
            "department": infocom,
            "team_pk": asker.team_pk,
            "team_label": asker.label,
            "asked_by": ada,
            "asked_at": NOON - timedelta(hours=1),
            "to": Addressee.CLIENT,
            "body": "x",
        }
        return Question.objects.create(**{**given, **fields})

    def answered(**fields: Any) -> Question:
        given = {"settled_at": NOON, "settled_by": eve, "answer": "Oui."}
        return made(state=QuestionState.ANSWERED, **given, **fields)

    def act(verb: Any, question: Question, **given: Any) -> None:
        verb(**{"question": question, "who": ORGANIZER, "by": eve, "at": NOON, **given})

    def publish(question: Question, **given: Any) -> None:
        defaults = {"to": PublishTo.DEPARTMENT, "wording": "Un logo ?", "text": "Oui."}
        act(questions.publish, question, **{**defaults, **given})

    def many() -> None:
        for _ in range(rules.WAITING_AT_MOST):
            made()
        ask(asker, ada)

    def soon() -> None:
        made(asked_at=NOON - timedelta(seconds=1))
        ask(asker, ada)

    held: dict[str, Any] = {"state": QuestionState.TAKEN, "taken_by": gil}
    return {
        QuestionRefusal.NOT_OPEN: lambda: ask(asker, ada, at=NOON - timedelta(days=1)),
        QuestionRefusal.CLOSED: lambda: ask(asker, ada, at=DEADLINE + timedelta(seconds=1)),
        QuestionRefusal.EMPTY: lambda: ask(asker, ada, " \n "),
        QuestionRefusal.TOO_LONG: lambda: ask(asker, ada, "x" * 1001),
        QuestionRefusal.TOO_MANY: many,
        QuestionRefusal.TOO_SOON: soon,
        QuestionRefusal.BRIEF_NOT_OUT: lambda: ask(asker, ada, topic=Topic.BRIEF),
        QuestionRefusal.NOT_YOURS: lambda: act(questions.take, made(), who=nobody, by=gil),
        QuestionRefusal.TAKEN: lambda: act(questions.take, made(**held)),
        QuestionRefusal.NOT_TAKEN: lambda: act(questions.release, made()),
        QuestionRefusal.SETTLED: lambda: act(questions.answer, answered(), text="Non."),
        QuestionRefusal.NOT_ANSWERED: lambda: publish(made()),
        QuestionRefusal.ANSWER_EMPTY: lambda: act(questions.answer, made(), text=" "),
        QuestionRefusal.ANSWER_TOO_LONG: lambda: act(questions.answer, made(), text="x" * 4001),
        QuestionRefusal.WORDING_EMPTY: lambda: publish(answered(), wording=" "),
        QuestionRefusal.NAMES_TEAM: lambda: publish(answered(), wording="Nous, com’unik, …"),
        QuestionRefusal.NOT_PUBLISHER: lambda: publish(
            answered(), to=PublishTo.EVERYONE, who=client
        ),
        QuestionRefusal.DUPLICATE_UNKNOWN: lambda: act(
            questions.close,
            made(),
            duplicate_of=_publication_of(answered(), withdrawn_at=NOON),
        ),
        QuestionRefusal.NOT_PUBLISHED: lambda: act(questions.unpublish, answered()),
    }


def _publication_of(question: Question, **fields: Any) -> Publication:
    given = {"audience": "everyone", "wording": "x", "answer": "x", "published_at": NOON}
    return Publication.objects.create(question=question, **{**given, **fields})


@pytest.mark.parametrize("code", QuestionRefusal)
def test_each_code(code, cases):
    with refuses(code) as refused:
        cases[code]()

    assert "{" not in refused.value.refusal.message
    assert not JournalEntry.objects.exists()
    assert not LiveMessage.objects.exists()


# ---------------------------------------------------------------- when questions are open


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (-1, False),
        (0, True),
        (DEADLINE - NOON + timedelta(hours=4.5), True),
        (DEADLINE - NOON + timedelta(hours=4.5, seconds=1), False),
    ],
)
def test_questions_are_open_from_the_launch_to_the_end_of_the_teams_own_grace(edition, at, open_):
    instant = edition.starts_at + (at if isinstance(at, timedelta) else timedelta(seconds=at))

    assert (rules.period_refusal(edition, DEADLINE, at=instant) is None) == open_


@pytest.mark.parametrize(("topic", "waits"), [(t, t in ("brief", "deliverable")) for t in Topic])
def test_questions_about_the_brief_wait_for_its_publication(brief, topic, waits):
    before = brief.published_at - timedelta(seconds=1)

    assert (rules.topic_refusal(topic, brief, at=before) is not None) == waits
    assert (rules.topic_refusal(topic, None, at=NOON) is not None) == waits
    assert rules.topic_refusal(topic, brief, at=brief.published_at) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nous sommes Com’unik.", True),
        ("COM’UNIK demande", True),
        ("Communik", False),
        ("un Com’unikation", False),
        ("", False),
    ],
)
def test_the_teams_name_is_found_only_as_whole_words(text, found):
    assert rules.names_team(text, "Com’unik") is found
    assert not rules.names_team("Les uns, les autres", "Les")


# ---------------------------------------------------------------- services


def test_a_question_to_the_client_is_published_to_those_who_may_answer(asker, ada, infocom):
    question = ask(asker, ada, " Un logo ? ", to=Addressee.CLIENT)

    assert (question.body, question.state) == ("Un logo ?", "open")
    assert published() == [
        ("question.asked", (f"team:{asker.team_pk}", "organizers", f"client:{infocom.pk}"))
    ]
    assert LiveMessage.objects.get().data == {
        "question": question.pk,
        "department": "INFOCOM",
        "state": "open",
    }
    assert journalled() == ["question.asked"]


def test_a_question_is_taken_released_taken_over_and_answered(asker, ada, eve, root):
    question = ask(asker, ada)
    act: dict[str, Any] = {"question": question, "who": ORGANIZER, "at": LATER}

    questions.take(by=eve, **act)
    questions.take(by=eve, **act)  # a double click
    questions.release(by=eve, **act)
    questions.take(by=eve, **act)
    questions.take(by=root, over=True, **act)
    with pytest.raises(Refused) as refused:
        questions.answer(text="Oui.", by=eve, **act)
    questions.answer(text=" **Oui.** ", by=root, **act)

    question.refresh_from_db()
    assert refused.value.refusal.message == "Root s’en occupe déjà."
    assert (question.state, question.answer, question.settled_by) == ("answered", "**Oui.**", root)
    assert journalled() == [
        "question.asked",
        "question.taken",
        "question.released",
        "question.taken",
        "question.taken",
        "question.answered",
    ]
    assert "Oui" not in str(list(LiveMessage.objects.values_list("data", flat=True)))


def test_answering_and_publishing_is_one_transaction(asker, ada, eve, infocom):
    question = ask(asker, ada)
    act: dict[str, Any] = {"question": question, "who": ORGANIZER, "by": eve, "at": LATER}
    answer = {"text": "Oui.", "publish_to": PublishTo.EVERYONE}

    with pytest.raises(Refused):
        questions.answer(wording="Com’unik veut un logo", **answer, **act)
    question.refresh_from_db()
    assert question.state == "open"

    questions.answer(wording="Faut-il un logo ?", **answer, **act)

    question.refresh_from_db()
    publication = question.publication
    assert (publication.audience, publication.answer) == ("everyone", "Oui.")
    assert published()[-1] == (
        "question.published",
        ("everyone", "organizers", f"client:{infocom.pk}"),
    )
    assert LiveMessage.objects.last().data == {}


def test_a_published_answer_is_reworded_and_withdrawn(asker, ada, eve, infocom):
    question = ask(asker, ada)
    act: dict[str, Any] = {"question": question, "who": ORGANIZER, "by": eve, "at": LATER}
    questions.answer(text="Oui.", publish_to="everyone", wording="Un logo ?", **act)

    again = questions.publish(to="department", wording="Logo ?", text="Si.", **act)

    assert (again.audience, again.wording, again.answer, again.revision) == (
        f"department:{infocom.pk}",
        "Logo ?",
        "Si.",
        1,
    )
    # The former readers get the message too, so that the answer disappears from their pages.
    assert {"everyone", f"department:{infocom.pk}"} < set(published()[-1][1])
    questions.unpublish(**act)
    assert selectors.publications(infocom.edition, [again.audience], at=LATER) == []
    question.refresh_from_db()
    assert question.answer == "Oui."


def test_a_duplicate_refers_to_the_answer(asker, ada, eve):
    first = ask(asker, ada)
    act: dict[str, Any] = {"who": ORGANIZER, "by": eve, "at": LATER}
    questions.answer(question=first, text="Oui.", publish_to="everyone", wording="Logo ?", **act)
    second = ask(asker, ada, at=LATER)

    questions.close(question=second, duplicate_of=first.publication, **act)

    second.refresh_from_db()
    assert (second.state, second.duplicate_of) == ("closed", first.publication)


def test_an_answer_is_corrected(asker, ada, eve):
    question = ask(asker, ada)
    act: dict[str, Any] = {"question": question, "who": ORGANIZER, "by": eve, "at": LATER}
    questions.answer(text="Oui.", **act)
    before = Question.objects.get().stamp

    questions.revise(text="Non.", **act)
    questions.revise(text="Non.", **act)  # a double click

    question.refresh_from_db()
    assert (question.answer, question.revision) == ("Non.", 1)
    assert question.stamp != before


def test_published_answers_about_the_brief_are_hidden_with_it(asker, ada, eve, brief):
    edition = brief.department.edition
    for topic in (Topic.BRIEF, Topic.PRACTICAL):
        at = NOON if topic == Topic.BRIEF else LATER
        question = ask(asker, ada, topic=topic, at=at)
        questions.answer(
            question=question,
            who=ORGANIZER,
            text="Oui.",
            publish_to="everyone",
            wording=topic,
            by=eve,
            at=at,
        )

    def read(at: Any) -> set[str]:
        return {p.wording for p in selectors.publications(edition, ["everyone"], at=at)}

    assert read(LATER) == {"brief", "practical"}
    Brief.objects.update(published_at=LATER + timedelta(seconds=1))
    assert read(LATER) == {"practical"}
    assert read(LATER + timedelta(seconds=1)) == {"brief", "practical"}
    Edition.objects.update(starts_at=LATER + timedelta(hours=1))
    edition.refresh_from_db()
    assert read(LATER) == set()


# ---------------------------------------------------------------- canned answers


def test_a_new_edition_has_the_usual_canned_answers_and_a_clone_those_of_its_source(edition, eve):
    act: dict[str, Any] = {"by": eve, "at": NOON}
    kept = canned.save(edition=edition, text="Sans commentaire.", **act)
    gone = canned.save(edition=edition, text="Peut-être.", **act)
    canned.delete(canned=gone, **act)
    canned.save(edition=edition, canned=kept, text="Sans commentaire, vraiment.", **act)

    copy = editions.clone(
        source=edition, slug="ccd-2021", name="x", starts_at=edition.starts_at, **act
    )
    fresh = {name: getattr(edition, name) for name in ("starts_at", "deadline_at")}
    new = editions.create(
        slug="new",
        name="x",
        registration_opens_at=NOON,
        registration_closes_at=NOON,
        judging_opens_at=DEADLINE,
        **fresh,
        **act,
    )

    assert [str(a) for a in selectors.canned_answers(copy)] == ["Sans commentaire, vraiment."]
    assert "Sans commentaire." in [str(a) for a in selectors.canned_answers(new)]
    assert CannedAnswer.objects.filter(edition=new).count() == len(rules.DEFAULT_ANSWERS)


def test_only_organizers_write_canned_answers(edition, gil):
    with pytest.raises(Refused):
        canned.save(edition=edition, text="x", by=gil, at=NOON)
