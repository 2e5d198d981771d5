"""Questions as each role reads them. Who asked, the team and the organizers see, nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hackathon.core import live
from hackathon.core.errors import Refusal
from hackathon.core.markdown import render
from hackathon.dashboard.selectors import Roles, audiences_of
from hackathon.editions import selectors as editions
from hackathon.editions.enums import QuestionState, Topic
from hackathon.editions.live import utc
from hackathon.editions.models import Edition, Publication, Question
from hackathon.editions.rules import questions as rules
from hackathon.editions.rules.questions import Answerer, Asker
from judging.enums import JurorKind
from submissions.selectors import window_of
from teams.models import Team


def asker_of(roles: Roles) -> Asker | None:
    """The team that somebody with these roles asks for. One query."""
    if roles.membership is None:
        return None
    team = roles.membership.team
    return Asker(team.pk, team.name, team.department, window_of(team).grace_ends_at)


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
            "published_at": utc(self.published_at),
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
    own = editions.questions_of_team(roles.membership.team_id)
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
    found = editions.queue(edition, who)
    return [QueueLine(q, team) for q, team in zip(found, _teams(found, who), strict=True)]


def queue_line(roles: Roles, question: Question) -> QueueLine:
    """One of them. One query for organizers."""
    (team,) = _teams([question], answerer_of(roles))
    return QueueLine(question, team)


def duplicate_choices(question: Question, *, at: datetime) -> list[tuple[str, str]]:
    """The published answers that the team which asked can be sent to. One query."""
    department = question.department
    audiences = [live.EVERYONE, live.department_audience(department.pk)]
    found = editions.publications(department.edition, audiences, at=at)
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
        "asked_at": utc(question.asked_at),
        "answer": question.answer or elsewhere,
        "settled_at": None if question.settled_at is None else utc(question.settled_at),
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
        "asked_at": utc(question.asked_at),
        "answer": question.answer,
        "settled_at": None if question.settled_at is None else utc(question.settled_at),
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
        audiences += [live.department_audience(pk) for pk in departments]
    return editions.publications(edition, audiences, at=at)


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
