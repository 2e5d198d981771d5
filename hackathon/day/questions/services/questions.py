"""Each service locks the question first, so that two people never answer the same one."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import check
from hackathon.base.live.audiences import EVERYONE, department_audience
from hackathon.base.push.tasks import notify
from hackathon.day.questions import live, rules
from hackathon.day.questions.enums import PublishTo, QuestionState
from hackathon.day.questions.models import SETTLED, Publication, Question
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.event.editions import selectors
from hackathon.event.editions.models import Department


@transaction.atomic
def ask(*, asker: Asker, to: str, topic: str, body: str, by: User, at: datetime) -> Question:
    """The caller has resolved the team of which `by` is a member. Raises `Refused`."""
    # Locks the department: two members who ask at the same time must not both pass `pace_refusal`.
    departments = Department.objects.select_for_update(of=("self",), no_key=True)
    department = departments.select_related("edition").get(pk=asker.department.pk)
    check(rules.period_refusal(department.edition, asker.closes_at, at=at))
    check(rules.topic_refusal(topic, selectors.brief_of(department), at=at))
    check(rules.body_refusal(body))
    own = Question.objects.filter(team_pk=asker.team_pk)
    last = own.aggregate(last=Max("asked_at"))["last"]
    check(rules.pace_refusal(own.exclude(state__in=SETTLED).count(), last, at=at))
    question = Question.objects.create(
        department=department,
        team_pk=asker.team_pk,
        team_label=asker.label,
        asked_by=by,
        asked_at=at,
        to=to,
        topic=topic,
        body=body.strip(),
    )
    journal.record("question.asked", question, by=by, at=at)
    live.question_changed(question, "question.asked", at=at)
    return question


def hand_over(team_pk: int, into_pk: int) -> None:
    """In the transaction that merges the teams. Their text does not change, nor who asked."""
    Question.objects.filter(team_pk=team_pk).update(team_pk=into_pk)


@transaction.atomic
def take(
    *, question: Question, who: Answerer, over: bool = False, by: User, at: datetime
) -> Question:
    """`over` takes the question from the person who has it. Idempotent. Raises `Refused`."""
    question = _locked(question)
    check(rules.take_refusal(question, who, by_pk=by.pk, over=over))
    if question.taken_by_id == by.pk and question.state == QuestionState.TAKEN:
        return question
    question.state, question.taken_by = QuestionState.TAKEN, by
    return _save_and_publish(question, "question.taken", by=by, at=at)


@transaction.atomic
def release(*, question: Question, who: Answerer, by: User, at: datetime) -> Question:
    """Raises `Refused`."""
    question = _locked(question)
    check(rules.release_refusal(question, who, by_pk=by.pk))
    question.state, question.taken_by = QuestionState.OPEN, None
    return _save_and_publish(question, "question.released", by=by, at=at)


@transaction.atomic
def answer(
    *,
    question: Question,
    who: Answerer,
    text: str,
    publish_to: str = "",
    wording: str = "",
    names_nobody: bool = False,
    by: User,
    at: datetime,
) -> Question:
    """If publishing (`publish_to`) is refused, nothing is stored. Raises `Refused`."""
    question = _locked(question)
    check(rules.answer_refusal(question, who, text, by_pk=by.pk))
    question.state, question.answer = QuestionState.ANSWERED, text.strip()
    question.settled_at, question.settled_by, question.taken_by = at, by, by
    _save_and_publish(question, "question.answered", by=by, at=at)
    if publish_to:
        publish(
            question=question,
            who=who,
            to=publish_to,
            wording=wording,
            text=text,
            names_nobody=names_nobody,
            by=by,
            at=at,
        )
    return question


@transaction.atomic
def revise(*, question: Question, who: Answerer, text: str, by: User, at: datetime) -> Question:
    """The new answer is unread again; the published one does not change. Raises `Refused`."""
    question = _locked(question)
    check(rules.revision_refusal(question, who, text))
    if question.answer == text.strip():
        return question
    question.answer, question.settled_at, question.settled_by = text.strip(), at, by
    question.revision += 1
    return _save_and_publish(question, "question.answered", by=by, at=at)


@transaction.atomic
def close(
    *,
    question: Question,
    who: Answerer,
    duplicate_of: Publication | None = None,
    by: User,
    at: datetime,
) -> Question:
    """Without an answer; the team is shown that of `duplicate_of`. Raises `Refused`."""
    question = _locked(question)
    check(rules.take_refusal(question, who, by_pk=by.pk, over=False))
    check(rules.duplicate_refusal(question, duplicate_of))
    question.state, question.duplicate_of = QuestionState.CLOSED, duplicate_of
    question.settled_at, question.settled_by, question.taken_by = at, by, by
    return _save_and_publish(question, "question.closed", by=by, at=at)


@transaction.atomic
def publish(
    *,
    question: Question,
    who: Answerer,
    to: str,
    wording: str,
    text: str,
    names_nobody: bool = False,
    by: User,
    at: datetime,
) -> Publication:
    """Raises `Refused`."""
    question = _locked(question)
    check(
        rules.publication_refusal(
            question, who, to=to, wording=wording, answer=text, names_nobody=names_nobody
        )
    )
    audience = EVERYONE
    if to == PublishTo.DEPARTMENT:
        audience = department_audience(question.department_id)
    publication = Publication.objects.filter(question=question).first()
    if publication is None:
        publication = Publication(question=question, published_at=at)
        previous_audience = audience
    else:
        publication.revision += 1
        previous_audience = publication.audience
    publication.audience, publication.withdrawn_at = audience, None
    publication.wording, publication.answer = wording.strip(), text.strip()
    publication.save()
    journal.record("question.published", question, by=by, at=at, to=to)
    live.question_published(question, {previous_audience, audience}, at=at)
    return publication


@transaction.atomic
def unpublish(*, question: Question, who: Answerer, by: User, at: datetime) -> None:
    """The team keeps its own answer. Raises `Refused`."""
    question = _locked(question)
    check(rules.unpublication_refusal(question, who))
    publication = question.publication
    publication.withdrawn_at = at
    publication.save(update_fields=["withdrawn_at"])
    journal.record("question.unpublished", question, by=by, at=at)
    live.question_published(question, {publication.audience}, at=at)


def _locked(question: Question) -> Question:
    questions = Question.objects.select_for_update(of=("self",))
    return questions.select_related("department__edition", "taken_by").get(pk=question.pk)


def _save_and_publish(question: Question, act: str, *, by: User, at: datetime) -> Question:
    question.save()
    journal.record(act, question, by=by, at=at)
    live.question_changed(question, act, at=at)
    if act == "question.answered":
        enqueue(notify, "question", question.pk, question.revision)
    return question
