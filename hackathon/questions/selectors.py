"""Questions as each role reads them. Who asked, the team and the organizers see, nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hackathon.core import live
from hackathon.core.errors import NotFound, Refusal
from hackathon.core.formats import iso_utc
from hackathon.core.markdown import render
from hackathon.editions.live import department_audience
from hackathon.editions.models import Edition
from hackathon.questions import rules
from hackathon.questions import rules as questions
from hackathon.questions.enums import Addressee, QuestionState, Topic
from hackathon.questions.models import SETTLED, CannedAnswer, Publication, Question
from hackathon.questions.rules import Answerer, Asker
from hackathon.roles import Roles, audiences_of
from judging.enums import JurorKind
from submissions.deposits.periods import period_of
from teams.models import Team


def asker_of(roles: Roles) -> Asker | None:
    """The team that somebody with these roles asks for. One query."""
    if roles.membership is None:
        return None
    team = roles.membership.team
    return Asker(team.pk, team.name, team.department, period_of(team).grace_ends_at)


def answerer_of(roles: Roles) -> Answerer:
    """What somebody with these roles may answer. No query."""
    client_of = [j.department_id for j in roles.juries if j.kind == JurorKind.CLIENT]
    return Answerer(organizer=roles.organizer, client_of=frozenset(client_of))


def may_answer(roles: Roles) -> bool:
    """Whether there is a queue for these roles."""
    who = answerer_of(roles)
    return who.organizer or bool(who.client_of)


def asking_refusal(asker: Asker, *, at: datetime) -> Refusal | None:
    """What asking anything would answer now, but for its words: for the button. One query."""
    edition = asker.department.edition
    return rules.window_refusal(edition, asker.closes_at, at=at)


# ---------------------------------------------------------------- what one reads


@dataclass(frozen=True)
class PublishedLine:
    """A published answer. Nothing here leads to who asked."""

    pk: int
    wording: str
    answer: str
    html: SafeString
    topic: str
    label: str
    for_everyone: bool
    published_at: datetime
    stamp: str

    @property
    def topic_label(self) -> str:
        """What it is about, in words; nothing where that says nothing."""
        return "" if self.topic == Topic.OTHER else str(Topic(self.topic).label)

    def as_dict(self) -> dict[str, Any]:
        """For the API; instants in UTC."""
        return {
            "id": self.pk,
            "question": self.wording,
            "answer": self.answer,
            "html": self.html,
            "topic": self.topic,
            "audience": "everyone" if self.for_everyone else "department",
            "published_at": iso_utc(self.published_at),
        }


@dataclass(frozen=True)
class QueueLine:
    """A question to answer; `team` is None for who may not know it, or where it is no more."""

    question: Question
    team: Team | None


def published_for(roles: Roles, edition: Edition, *, at: datetime) -> list[PublishedLine]:
    """The published answers that these roles read, newest first. Organizers read every
    department's. Two queries at most.
    """
    return [_line(p) for p in _publications(roles, edition, at=at)]


def stamps_for(roles: Roles, edition: Edition, *, at: datetime) -> list[str]:
    """The stamps of the answers that a member may not have read: the team's, and the published ones
    to questions of others. Two queries; none for who is in no team.
    """
    if roles.membership is None:
        return []
    own = questions_of_team(roles.membership.team_id)
    return stamps_to_read(own, [p.stamp for p in _publications(roles, edition, at=at)])


def stamps_to_read(own: Iterable[Question], published: Iterable[str]) -> list[str]:
    """Of these texts the ones that can be new to the team: what answers its own question is new
    once, there.
    """
    settled = [question for question in own if question.is_settled]
    theirs = {q.publication.stamp for q in settled if hasattr(q, "publication")}
    return [q.stamp for q in settled] + [stamp for stamp in published if stamp not in theirs]


def queue_lines(roles: Roles, edition: Edition) -> list[QueueLine]:
    """What these roles may answer; for organizers with the teams as they are now. Three queries."""
    who = answerer_of(roles)
    found = queue(edition, who)
    return [QueueLine(q, team) for q, team in zip(found, _teams(found, who), strict=True)]


def queue_line(roles: Roles, question: Question) -> QueueLine:
    """One of them. One query for organizers."""
    (team,) = _teams([question], answerer_of(roles))
    return QueueLine(question, team)


def duplicate_choices(question: Question, *, at: datetime) -> list[tuple[str, str]]:
    """The published answers that the team which asked can be sent to. One query."""
    department = question.department
    audiences = [live.EVERYONE, department_audience(department.pk)]
    found = publications(department.edition, audiences, at=at)
    return [(str(p.pk), p.wording[:90]) for p in found if p.question_id != question.pk]


# ---------------------------------------------------------------- for programs


def own_as_dict(question: Question) -> dict[str, Any]:
    """A question for the team that asked it; instants in UTC."""
    duplicate = question.duplicate_of
    elsewhere = "" if duplicate is None or duplicate.withdrawn_at else duplicate.answer
    return {
        "id": question.pk,
        "to": question.to,
        "topic": question.topic,
        "body": question.body,
        "state": question.state,
        "asked_by": question.asked_by.display_name,
        "asked_at": iso_utc(question.asked_at),
        "answer": question.answer or elsewhere,
        "settled_at": None if question.settled_at is None else iso_utc(question.settled_at),
    }


def queued_as_dict(line: QueueLine, *, organizer: bool) -> dict[str, Any]:
    """A question for who answers; only organizers read who asked."""
    question = line.question
    taken_by = question.taken_by
    found: dict[str, Any] = {
        "id": question.pk,
        "department": question.department.code,
        "to": question.to,
        "topic": question.topic,
        "body": question.body,
        "state": question.state,
        "taken_by": None if taken_by is None else taken_by.display_name,
        "asked_at": iso_utc(question.asked_at),
        "answer": question.answer,
        "settled_at": None if question.settled_at is None else iso_utc(question.settled_at),
    }
    if organizer:
        found["asked_by"] = question.asked_by.display_name
        found["team"] = {"id": question.team_pk, "name": question.team_label}
    return found


def counts_of(lines: Iterable[QueueLine]) -> dict[str, int]:
    """How many are in each state that somebody has to do something about."""
    states = [line.question.state for line in lines]
    return {
        "open": states.count(QuestionState.OPEN),
        "taken": states.count(QuestionState.TAKEN),
    }


def _publications(roles: Roles, edition: Edition, *, at: datetime) -> list[Publication]:
    audiences = audiences_of(roles)
    if roles.organizer:
        departments = edition.departments.values_list("pk", flat=True)
        audiences += [department_audience(pk) for pk in departments]
    return publications(edition, audiences, at=at)


def _line(publication: Publication) -> PublishedLine:
    for_everyone = publication.audience == live.EVERYONE
    # Of an answer for everyone not even the department is said: it would narrow down who asked.
    label = _("Tout le monde") if for_everyone else publication.question.department.name
    return PublishedLine(
        pk=publication.pk,
        wording=publication.wording,
        answer=publication.answer,
        html=render(publication.answer),
        topic=publication.question.topic,
        label=label,
        for_everyone=for_everyone,
        published_at=publication.published_at,
        stamp=publication.stamp,
    )


def _teams(found: list[Question], who: Answerer) -> list[Team | None]:
    if not who.organizer:
        return [None] * len(found)
    teams = Team.objects.in_bulk({question.team_pk for question in found})
    return [teams.get(question.team_pk) for question in found]


# ---------------------------------------------------------------- questions


def questions_of_team(team_pk: int, limit: int = 100) -> list[Question]:
    """What this team asked, newest first, for its members. One query."""
    found = Question.objects.filter(team_pk=team_pk).select_related(
        "asked_by", "publication", "duplicate_of__question"
    )
    return list(found.order_by("-asked_at", "-id")[:limit])


def queue(edition: Edition, who: Answerer, *, settled: int = 50) -> list[Question]:
    """What `who` may answer, the oldest that waits first, then the newest of what is settled. Two
    queries.
    """
    found = Question.objects.filter(department__edition=edition).select_related(
        "department", "asked_by", "taken_by", "settled_by", "publication"
    )
    if not who.organizer:
        found = found.filter(to=Addressee.CLIENT, department__in=list(who.client_of))
    waiting = found.exclude(state__in=SETTLED)
    return [*waiting, *found.filter(state__in=SETTLED).order_by("-settled_at")[:settled]]


def waiting_count(edition: Edition, who: Answerer) -> int:
    """How many questions wait for `who`, taken ones not counted. One query."""
    found = Question.objects.filter(department__edition=edition, state=QuestionState.OPEN)
    if not who.organizer:
        found = found.filter(to=Addressee.CLIENT, department__in=list(who.client_of))
    return found.count()


def get_question_for(who: Answerer, edition: Edition | None, pk: int) -> Question:
    """A question that `who` may answer. Raises `NotFound`."""
    found = (
        Question.objects.filter(department__edition=edition, pk=pk)
        .select_related("department__edition", "asked_by", "taken_by", "settled_by", "publication")
        .first()
    )
    if edition is None or found is None or not who.may_answer(found):
        raise NotFound
    return found


def publications(
    edition: Edition, audiences: Iterable[str], limit: int = 100, *, at: datetime
) -> list[Publication]:
    """What was answered for all of these audiences to read, newest first; of the question only what
    it is about is shown. One query.
    """
    found = (
        Publication.objects.filter(
            question__department__edition=edition, audience__in=list(audiences), withdrawn_at=None
        )
        .select_related("question__department__brief")
        .order_by("-published_at", "-id")[:limit]
    )
    return [
        publication
        for publication in found
        if questions.publication_is_visible(
            publication,
            edition,
            getattr(publication.question.department, "brief", None),
            at=at,
        )
    ]


def get_publication_of(edition: Edition, pk: int) -> Publication | None:
    """A published answer of an edition that the caller answers questions in; None if it is gone."""
    found = Publication.objects.select_related("question__department")
    return found.filter(question__department__edition=edition, pk=pk, withdrawn_at=None).first()


def canned_answers(edition: Edition) -> list[CannedAnswer]:
    """Answers ready to be sent, in order, for whoever answers."""
    return list(edition.canned_answers.all())


def get_canned_answer(edition: Edition, pk: int) -> CannedAnswer:
    """One of them, of an edition that the caller organizes. Raises `NotFound`."""
    found = CannedAnswer.objects.filter(edition=edition, pk=pk).first()
    if found is None:
        raise NotFound
    return found
