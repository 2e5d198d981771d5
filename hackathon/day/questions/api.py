from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rest_framework.request import Request

from hackathon.base.core import clock
from hackathon.base.core.api import reads, writes
from hackathon.base.core.errors import NotFound
from hackathon.base.core.scopes import Scope
from hackathon.day.questions import selectors
from hackathon.day.questions.enums import QuestionState
from hackathon.day.questions.models import Question
from hackathon.day.questions.rules import Answerer, Asker
from hackathon.day.questions.serializers import (
    AnswerSerializer,
    AskedQuestionSerializer,
    QuestionSerializer,
    QuestionsSerializer,
    QuestionStepSerializer,
    own_as_dict,
    published_as_dict,
    queued_as_dict,
)
from hackathon.day.questions.services import questions
from hackathon.event.editions.endpoint import EditionEndpoint
from hackathon.event.roles import Roles, roles_of

STEPS: dict[str, Callable[..., Question]] = {
    QuestionState.TAKEN: questions.take,
    QuestionState.OPEN: questions.release,
    QuestionState.CLOSED: questions.close,
}


def _asker(endpoint: EditionEndpoint) -> Asker:
    asker = selectors.asker_of(roles_of(endpoint.user, endpoint.edition))
    if asker is None:
        raise NotFound
    return asker


class Questions(EditionEndpoint):
    """`/api/v1/questions/`: the questions of a team or, for those who answer, the queue."""

    scope = Scope.HAND_IN

    @reads(QuestionsSerializer, operation_id="questions")
    def get(self, request: Request) -> Any:
        """`questions`: those of the caller's team, or those that the caller may answer, of which
        only organizers read who asked. `published`: what everybody concerned may read.
        """
        roles = roles_of(request.user, self.edition)
        listed = []
        if selectors.answerer_of(roles).answers_any:
            lines = selectors.queue(roles, self.edition)
            listed = [queued_as_dict(line, organizer=roles.organizer) for line in lines]
        elif roles.membership is not None:
            own = selectors.questions_of_team(roles.membership.team_id)
            listed = [own_as_dict(question) for question in own]
        published = selectors.published_answers(roles, self.edition, at=clock.now())
        return {"questions": listed, "published": [published_as_dict(p) for p in published]}

    @writes(QuestionSerializer, AskedQuestionSerializer, operation_id="ask", first=_asker)
    def post(self, request: Request, asker: Asker, body: dict[str, Any], at: Any) -> Any:
        """Ask the organizers or the client, for one's own team."""
        return own_as_dict(questions.ask(asker=asker, by=self.user, at=at, **body))


@dataclass(frozen=True)
class Answerable:
    question: Question
    roles: Roles

    @property
    def who(self) -> Answerer:
        return selectors.answerer_of(self.roles)

    def body(self, question: Question) -> dict[str, Any]:
        line = selectors.queue_line(self.roles, question)
        return queued_as_dict(line, organizer=self.roles.organizer)


def _answerable(endpoint: EditionEndpoint) -> Answerable:
    roles, pk = roles_of(endpoint.user, endpoint.edition), endpoint.kwargs["pk"]
    who = selectors.answerer_of(roles)
    return Answerable(selectors.get_question_for(who, endpoint.edition, pk), roles)


class QuestionDetail(EditionEndpoint):
    """One question, for those who may answer it."""

    scope = Scope.ANNOUNCE

    @reads(AskedQuestionSerializer)
    def get(self, request: Request, pk: int) -> Any:
        answerable = _answerable(self)
        return answerable.body(answerable.question)

    @writes(QuestionStepSerializer, AskedQuestionSerializer, status=200, first=_answerable)
    def patch(self, request: Request, answerable: Answerable, body: dict[str, Any], at: Any) -> Any:
        """`taken`: you answer it; `open`: you give it back; `closed`: it gets no answer."""
        step = STEPS[body["state"]]
        return answerable.body(
            step(question=answerable.question, who=answerable.who, by=self.user, at=at)
        )


class Answer(EditionEndpoint):
    scope = Scope.ANNOUNCE

    @writes(AnswerSerializer, AskedQuestionSerializer, status=200, first=_answerable)
    def put(self, request: Request, answerable: Answerable, body: dict[str, Any], at: Any) -> Any:
        """Answers it. With `publish_to` all or the department read `wording` and the answer."""
        act = {"who": answerable.who, "by": self.user, "at": at}
        return answerable.body(questions.answer(question=answerable.question, **body, **act))
