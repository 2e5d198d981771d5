"""Only the asking team and the organizers may know who asked a question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from hackathon.base.core.errors import NotFound
from hackathon.base.core.markdown import render
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.live.audiences import EVERYONE, department_audience
from hackathon.day.questions import rules
from hackathon.day.questions.enums import Addressee, QuestionState, Topic
from hackathon.day.questions.models import SETTLED, CannedAnswer, Publication, Question
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.event.editions.models import Edition
from hackathon.event.roles import Roles, audiences_of
from judging.enums import JurorKind
from submissions.versions.selectors import period_of
from teams.models import Team

LISTED = 100  # questions of a team, and published answers
# Of a publication: what its stamp and `publication_is_visible` need.
STAMP_COLUMNS = (
    "revision",
    "published_at",
    "withdrawn_at",
    "question__topic",
    "question__department__brief__published_at",
)


def asker_of(roles: Roles) -> Asker | None:
    """One query; None for a user without a team."""
    if roles.membership is None:
        return None
    team = roles.membership.team
    return Asker(team.pk, team.name, team.department, period_of(team).grace_ends_at)


def answerer_of(roles: Roles) -> Answerer:
    client_of = [j.department_id for j in roles.juries if j.kind == JurorKind.CLIENT]
    return Answerer(organizer=roles.organizer, client_of=frozenset(client_of))


# ---------------------------------------------------------------- of one team


def questions_of_team(team_pk: int, limit: int = LISTED) -> list[Question]:
    """Newest first. The caller is a member of the team."""
    questions = _of_team(team_pk).select_related(
        "asked_by", "publication", "duplicate_of__question"
    )
    return list(questions[:limit])


def _of_team(team_pk: int) -> QuerySet[Question]:
    return Question.objects.filter(team_pk=team_pk).order_by("-asked_at", "-id")


def answer_stamps(roles: Roles, edition: Edition, *, at: datetime) -> list[str]:
    """Two queries, none without a team."""
    if roles.membership is None:
        return []
    # Few columns: every page of a student counts them.
    own = _of_team(roles.membership.team_id).select_related("publication")
    own = own.only("revision", "state", "publication__revision")[:LISTED]
    published = _published_to(roles, edition, STAMP_COLUMNS, at=at)
    return stamps_to_read(own, [publication.stamp for publication in published])


def teams_that_ask(edition: Edition) -> set[int]:
    questions = Question.objects.filter(department__edition=edition)
    return set(questions.order_by().values_list("team_pk", flat=True).distinct())


def stamps_to_read(own: Iterable[Question], published: Iterable[str]) -> list[str]:
    """The stamps of the team's answers, and of the published answers to questions of others."""
    settled = [question for question in own if question.is_settled]
    own_published = {q.publication.stamp for q in settled if hasattr(q, "publication")}
    others = [stamp for stamp in published if stamp not in own_published]
    return [question.stamp for question in settled] + others


# ---------------------------------------------------------------- published answers


@dataclass(frozen=True)
class PublishedAnswer:
    """Without the question, which leads to the team. `department` is empty if all may read it."""

    pk: int
    wording: str
    answer: str
    html: SafeString
    topic: Topic
    department: str
    published_at: datetime
    stamp: str

    @property
    def for_everyone(self) -> bool:
        return not self.department


def published_answers(roles: Roles, edition: Edition, *, at: datetime) -> list[PublishedAnswer]:
    """Newest first; organizers read those of all departments. One query, two for organizers."""
    return [
        PublishedAnswer(
            pk=publication.pk,
            wording=publication.wording,
            answer=publication.answer,
            html=render(publication.answer),
            topic=Topic(publication.question.topic),
            department=_department_name(publication),
            published_at=publication.published_at,
            stamp=publication.stamp,
        )
        for publication in _published_to(roles, edition, at=at)
    ]


def publications(
    edition: Edition,
    audiences: Iterable[str],
    limit: int = LISTED,
    only: Iterable[str] = (),
    *,
    at: datetime,
) -> list[Publication]:
    """Newest first. One query. `only` names the columns to read, if not all."""
    rows = (
        Publication.objects.filter(
            question__department__edition=edition, audience__in=list(audiences), withdrawn_at=None
        )
        .select_related("question__department__brief")
        .order_by("-published_at", "-id")
    )
    return [
        publication
        for publication in (rows.only(*only) if only else rows)[:limit]
        if rules.publication_is_visible(
            publication,
            edition,
            getattr(publication.question.department, "brief", None),
            at=at,
        )
    ]


def duplicate_choices(question: Question, *, at: datetime) -> list[tuple[str, str]]:
    """Choices of a form field: the published answers that the asking team can read."""
    department = question.department
    audiences = [EVERYONE, department_audience(department.pk)]
    readable = publications(department.edition, audiences, at=at)
    return [(str(p.pk), p.wording[:90]) for p in readable if p.question_id != question.pk]


def find_publication(edition: Edition, pk: int) -> Publication | None:
    rows = Publication.objects.select_related("question__department")
    return rows.filter(question__department__edition=edition, pk=pk, withdrawn_at=None).first()


def _published_to(
    roles: Roles, edition: Edition, only: Iterable[str] = (), *, at: datetime
) -> list[Publication]:
    audiences = audiences_of(roles)
    if roles.organizer:
        departments = edition.departments.values_list("pk", flat=True)
        audiences += [department_audience(pk) for pk in departments]
    return publications(edition, audiences, only=only, at=at)


def _department_name(publication: Publication) -> str:
    for_everyone = publication.audience == EVERYONE
    return "" if for_everyone else publication.question.department.name


# ---------------------------------------------------------------- the queue


@dataclass(frozen=True)
class QueueLine:
    """`team` is None if the user may not know it, or if it was dissolved."""

    question: Question
    team: Team | None


def queue(roles: Roles, edition: Edition, *, settled: int | None = 50) -> list[QueueLine]:
    """Open and taken questions, oldest first, then the last settled ones (None: all of them).

    Three queries at most.
    """
    who = answerer_of(roles)
    answerable = _answerable(edition, who).select_related(
        "department", "asked_by", "taken_by", "settled_by", "publication"
    )
    waiting = answerable.exclude(state__in=SETTLED)
    questions = [*waiting, *answerable.filter(state__in=SETTLED).order_by("-settled_at")[:settled]]
    teams = _teams(questions) if who.organizer else {}
    return [QueueLine(question, teams.get(question.team_pk)) for question in questions]


def queue_line(roles: Roles, question: Question) -> QueueLine:
    """One query for organizers, else none."""
    teams = _teams([question]) if roles.organizer else {}
    return QueueLine(question, teams.get(question.team_pk))


def waiting_count(edition: Edition, who: Answerer) -> int:
    return _answerable(edition, who).filter(state=QuestionState.OPEN).count()


def waiting(edition: Edition) -> list[Question]:
    """Open and taken, oldest first. One query. The caller has checked that an organizer asks."""
    unsettled = _answerable(edition, Answerer(organizer=True)).exclude(state__in=SETTLED)
    return list(unsettled.select_related("department", "taken_by").order_by("asked_at", "id"))


def get_question_for(who: Answerer, edition: Edition | None, pk: int) -> Question:
    """Raises `NotFound` unless `who` may answer it."""
    question = (
        Question.objects.filter(department__edition=edition, pk=pk)
        .select_related("department__edition", "asked_by", "taken_by", "settled_by", "publication")
        .first()
    )
    if edition is None or question is None or not who.may_answer(question):
        raise NotFound
    return question


def _answerable(edition: Edition, who: Answerer) -> QuerySet[Question]:
    questions = Question.objects.filter(department__edition=edition)
    if who.organizer:
        return questions
    return questions.filter(to=Addressee.CLIENT, department__in=list(who.client_of))


def _teams(questions: Iterable[Question]) -> dict[int, Team]:
    return Team.objects.in_bulk({question.team_pk for question in questions})


# ---------------------------------------------------------------- ready answers


def canned_answers(edition: Edition) -> list[CannedAnswer]:
    return list(edition.canned_answers.all())


def get_canned_answer(edition: Edition, pk: int) -> CannedAnswer:
    """Of an edition that the caller organizes. Raises `NotFound`."""
    return get_or_not_found(CannedAnswer.objects.all(), edition=edition, pk=pk)
