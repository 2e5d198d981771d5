import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.live.audiences import EVERYONE, department_audience
from hackathon.day.questions.enums import Addressee, PublishTo, QuestionState, Topic
from hackathon.day.questions.errors import QuestionRefusal
from hackathon.day.questions.models import (
    ANSWER_MAX_CHARS,
    QUESTION_MAX_CHARS,
    Publication,
    Question,
)
from hackathon.event.editions.models import Brief, Department, Edition
from hackathon.event.editions.rules import brief_is_published, day_and_time

WAITING_AT_MOST = 5
GAP = timedelta(seconds=20)
# Shorter names of teams are not searched in texts: they are often ordinary words.
NAME_AT_LEAST = 4
# Questions and answers about these reveal something of the brief.
ABOUT_THE_BRIEF = (Topic.BRIEF, Topic.DELIVERABLE)

DEFAULT_ANSWERS = (
    "Lisez le sujet, section …",
    "Sans commentaire.",
    "Oui.",
    "Non.",
    "C’est à vous de choisir : le jury appréciera.",
    "Nous passons dans votre salle.",
)


@dataclass(frozen=True)
class Asker:
    """`closes_at` is the end of the team's grace, including its extensions."""

    team_pk: int
    label: str
    department: Department
    closes_at: datetime


@dataclass(frozen=True)
class Answerer:
    """Organizers answer everything, others what these departments ask the client."""

    organizer: bool = False
    client_of: Collection[int] = ()

    @property
    def answers_any(self) -> bool:
        return self.organizer or bool(self.client_of)

    def may_answer(self, question: Question) -> bool:
        for_client = question.to == Addressee.CLIENT
        return self.organizer or (for_client and question.department_id in self.client_of)


def period_refusal(edition: Edition, closes_at: datetime, *, at: datetime) -> Refusal | None:
    """Questions are open from the launch to the end of the team's grace, both included."""
    if at < edition.starts_at:
        opens = day_and_time(edition.starts_at, edition)
        return refuse(QuestionRefusal.NOT_OPEN, opens=opens)
    return refuse(QuestionRefusal.CLOSED) if at > closes_at else None


def topic_refusal(topic: str, brief: Brief | None, *, at: datetime) -> Refusal | None:
    """Questions about the work are refused until the brief is published."""
    is_published = brief is not None and brief_is_published(brief, at=at)
    if topic in ABOUT_THE_BRIEF and not is_published:
        return refuse(QuestionRefusal.BRIEF_NOT_OUT)
    return None


def body_refusal(body: str) -> Refusal | None:
    if not body.strip():
        return refuse(QuestionRefusal.EMPTY)
    if len(body) > QUESTION_MAX_CHARS:
        return refuse(QuestionRefusal.TOO_LONG, max=QUESTION_MAX_CHARS)
    return None


def pace_refusal(waiting: int, last_at: datetime | None, *, at: datetime) -> Refusal | None:
    """`waiting` questions of the team are not settled; it asked the last one at `last_at`."""
    if waiting >= WAITING_AT_MOST:
        return refuse(QuestionRefusal.TOO_MANY, max=WAITING_AT_MOST)
    left = GAP - (at - last_at) if last_at is not None else timedelta()
    if left > timedelta():
        return refuse(QuestionRefusal.TOO_SOON, seconds=math.ceil(left.total_seconds()))
    return None


def take_refusal(question: Question, who: Answerer, *, by_pk: int, over: bool) -> Refusal | None:
    if not who.may_answer(question):
        return refuse(QuestionRefusal.NOT_YOURS)
    if question.is_settled:
        return refuse(QuestionRefusal.SETTLED)
    return None if over else _held_refusal(question, by_pk)


def release_refusal(question: Question, who: Answerer, *, by_pk: int) -> Refusal | None:
    if question.state == QuestionState.OPEN:
        return refuse(QuestionRefusal.NOT_TAKEN)
    return take_refusal(question, who, by_pk=by_pk, over=False)


def answer_refusal(question: Question, who: Answerer, text: str, *, by_pk: int) -> Refusal | None:
    return take_refusal(question, who, by_pk=by_pk, over=False) or _text_refusal(text)


def revision_refusal(question: Question, who: Answerer, text: str) -> Refusal | None:
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
    if not names_nobody and names_team(f"{wording}\n{answer}", question.team_label):
        return refuse(QuestionRefusal.NAMES_TEAM)
    return _text_refusal(answer)


def unpublication_refusal(question: Question, who: Answerer) -> Refusal | None:
    if not who.may_answer(question):
        return refuse(QuestionRefusal.NOT_YOURS)
    publication = getattr(question, "publication", None)
    if publication is None or publication.withdrawn_at is not None:
        return refuse(QuestionRefusal.NOT_PUBLISHED)
    return None


def duplicate_refusal(question: Question, duplicate_of: Publication | None) -> Refusal | None:
    """The answer must be one that the team which asked can read."""
    if duplicate_of is None:
        return None
    readable = (EVERYONE, department_audience(question.department_id))
    same_edition = duplicate_of.question.department.edition_id == question.department.edition_id
    can_read = duplicate_of.withdrawn_at is None and duplicate_of.audience in readable
    if same_edition and can_read and duplicate_of.question_id != question.pk:
        return None
    return refuse(QuestionRefusal.DUPLICATE_UNKNOWN)


def publication_is_visible(
    publication: Publication, edition: Edition, brief: Brief | None, *, at: datetime
) -> bool:
    """From the launch on; answers about the work only while the brief is published."""
    if publication.withdrawn_at is not None:
        return False
    if at < max(publication.published_at, edition.starts_at):
        return False
    return topic_refusal(publication.question.topic, brief, at=at) is None


def names_team(text: str, team: str) -> bool:
    """As whole words, ignoring case."""
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
