"""Decisions about questions. Pure: the instant, the counts and the rights are arguments."""

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from hackathon.core.errors import Refusal, refuse
from hackathon.core.live import EVERYONE
from hackathon.editions.live import department_audience
from hackathon.editions.models import Brief, Department, Edition
from hackathon.editions.rules import brief_is_published, day_and_time
from hackathon.questions.enums import Addressee, PublishTo, QuestionState, Topic
from hackathon.questions.errors import QuestionRefusal
from hackathon.questions.models import ANSWER_MAX_CHARS, QUESTION_MAX_CHARS, Publication, Question

WAITING_AT_MOST = 5
GAP = timedelta(seconds=20)
# Names that are ordinary words would be found everywhere.
NAME_AT_LEAST = 4
# What is asked and answered about the work says something of the brief.
ABOUT_THE_BRIEF = (Topic.BRIEF, Topic.DELIVERABLE)

# What one would write anyway; an organizer changes them.
USUAL_ANSWERS = (
    "Lisez le sujet, section …",
    "Sans commentaire.",
    "Oui.",
    "Non.",
    "C’est à vous de choisir : le jury appréciera.",
    "Nous passons dans votre salle.",
)


@dataclass(frozen=True)
class Asker:
    """A team as this app knows it. `closes_at` is the end of its own grace, delays counted in."""

    team_pk: int
    label: str
    department: Department
    closes_at: datetime


@dataclass(frozen=True)
class Answerer:
    """What somebody may answer: everything (`organizer`), or what the teams of these departments
    ask the client.
    """

    organizer: bool = False
    client_of: Collection[int] = ()

    def may_answer(self, question: Question) -> bool:
        """Whether this question is theirs."""
        for_client = question.to == Addressee.CLIENT
        return self.organizer or (for_client and question.department_id in self.client_of)


def window_refusal(edition: Edition, closes_at: datetime, *, at: datetime) -> Refusal | None:
    """Whether a team may ask at `at`: from the launch to the end of its grace, both included."""
    if at < edition.starts_at:
        opens = day_and_time(edition.starts_at, edition)
        return refuse(QuestionRefusal.NOT_OPEN, opens=opens)
    return refuse(QuestionRefusal.CLOSED) if at > closes_at else None


def topic_refusal(topic: str, brief: Brief | None, *, at: datetime) -> Refusal | None:
    """Whether one can ask about this yet: what concerns the work, once the brief is out."""
    out = brief is not None and brief_is_published(brief, at=at)
    if topic in ABOUT_THE_BRIEF and not out:
        return refuse(QuestionRefusal.BRIEF_NOT_OUT)
    return None


def body_refusal(body: str) -> Refusal | None:
    """Whether this can be asked."""
    if not body.strip():
        return refuse(QuestionRefusal.EMPTY)
    if len(body) > QUESTION_MAX_CHARS:
        return refuse(QuestionRefusal.TOO_LONG, max=QUESTION_MAX_CHARS)
    return None


def pace_refusal(waiting: int, last_at: datetime | None, *, at: datetime) -> Refusal | None:
    """Whether a team with `waiting` questions, the last of `last_at`, may ask another one."""
    if waiting >= WAITING_AT_MOST:
        return refuse(QuestionRefusal.TOO_MANY, max=WAITING_AT_MOST)
    left = GAP - (at - last_at) if last_at is not None else timedelta()
    if left > timedelta():
        return refuse(QuestionRefusal.TOO_SOON, seconds=math.ceil(left.total_seconds()))
    return None


def take_refusal(question: Question, who: Answerer, *, by_pk: int, over: bool) -> Refusal | None:
    """Whether somebody may take a question, or (`over`) take it over from who has it."""
    if not who.may_answer(question):
        return refuse(QuestionRefusal.NOT_YOURS)
    if question.is_settled:
        return refuse(QuestionRefusal.SETTLED)
    return None if over else _held_refusal(question, by_pk)


def release_refusal(question: Question, who: Answerer, *, by_pk: int) -> Refusal | None:
    """Whether somebody may put a question back into the queue."""
    if question.state == QuestionState.OPEN:
        return refuse(QuestionRefusal.NOT_TAKEN)
    return take_refusal(question, who, by_pk=by_pk, over=False)


def answer_refusal(question: Question, who: Answerer, text: str, *, by_pk: int) -> Refusal | None:
    """Whether somebody may answer: nobody else is doing so, and nobody has."""
    return take_refusal(question, who, by_pk=by_pk, over=False) or _text_refusal(text)


def revision_refusal(question: Question, who: Answerer, text: str) -> Refusal | None:
    """Whether an answer that was given can be replaced."""
    if not who.may_answer(question):
        return refuse(QuestionRefusal.NOT_YOURS)
    if question.state != QuestionState.ANSWERED:
        return refuse(QuestionRefusal.NOT_ANSWERED)
    return _text_refusal(text)


def publication_refusal(
    question: Question,
    who: Answerer,
    *,
    to: str,
    wording: str,
    answer: str,
    names_nobody: bool,
) -> Refusal | None:
    """Whether these words may be published: by whom, to whom, and without saying who asked."""
    if not who.may_answer(question):
        return refuse(QuestionRefusal.NOT_YOURS)
    if to == PublishTo.EVERYONE and not who.organizer:
        return refuse(QuestionRefusal.NOT_PUBLISHER)
    if question.state != QuestionState.ANSWERED:
        return refuse(QuestionRefusal.NOT_ANSWERED)
    if not wording.strip():
        return refuse(QuestionRefusal.WORDING_EMPTY)
    if len(wording) > QUESTION_MAX_CHARS:
        return refuse(QuestionRefusal.TOO_LONG, max=QUESTION_MAX_CHARS)
    if not names_nobody and says_who(f"{wording}\n{answer}", question.team_label):
        return refuse(QuestionRefusal.NAMES_TEAM)
    return _text_refusal(answer)


def unpublication_refusal(question: Question, who: Answerer) -> Refusal | None:
    """Whether somebody may take a published answer back."""
    if not who.may_answer(question):
        return refuse(QuestionRefusal.NOT_YOURS)
    publication = getattr(question, "publication", None)
    if publication is None or publication.withdrawn_at is not None:
        return refuse(QuestionRefusal.NOT_PUBLISHED)
    return None


def duplicate_refusal(question: Question, duplicate_of: Publication | None) -> Refusal | None:
    """Whether the team that asked can read the answer that it is sent to."""
    if duplicate_of is None:
        return None
    readable = (EVERYONE, department_audience(question.department_id))
    same_edition = duplicate_of.question.department.edition_id == question.department.edition_id
    out = duplicate_of.withdrawn_at is None and duplicate_of.audience in readable
    if same_edition and out and duplicate_of.question_id != question.pk:
        return None
    return refuse(QuestionRefusal.DUPLICATE_UNKNOWN)


def publication_is_visible(
    publication: Publication, edition: Edition, brief: Brief | None, *, at: datetime
) -> bool:
    """Whether a published answer exists for who is not an organizer: from the launch on, and what
    concerns the work only while the brief it speaks of is out.
    """
    if publication.withdrawn_at is not None or at < max(
        publication.published_at, edition.starts_at
    ):
        return False
    return topic_refusal(publication.question.topic, brief, at=at) is None


def says_who(text: str, team: str) -> bool:
    """Whether the team's name stands in the text as words of its own, whatever their case."""
    if len(team) < NAME_AT_LEAST:
        return False
    return re.search(rf"(?<!\w){re.escape(team)}(?!\w)", text, re.IGNORECASE) is not None


def _held_refusal(question: Question, by_pk: int) -> Refusal | None:
    if question.state == QuestionState.TAKEN and question.taken_by_id != by_pk:
        person = question.taken_by.display_name if question.taken_by else ""
        return refuse(QuestionRefusal.TAKEN, person=person)
    return None


def _text_refusal(text: str) -> Refusal | None:
    if not text.strip():
        return refuse(QuestionRefusal.ANSWER_EMPTY)
    if len(text) > ANSWER_MAX_CHARS:
        return refuse(QuestionRefusal.ANSWER_TOO_LONG, max=ANSWER_MAX_CHARS)
    return None
