from collections.abc import Iterable
from datetime import datetime

from hackathon.base.live.audiences import ORGANIZERS, client_audience
from hackathon.day.questions.enums import Addressee
from hackathon.day.questions.models import Question
from hackathon.event.editions.live import publish


def question_changed(question: Question, kind: str, *, at: datetime) -> None:
    """To the team that asked, and to those who may answer."""
    department = question.department
    audiences = [question.audience, ORGANIZERS]
    if question.to == Addressee.CLIENT:
        audiences.append(client_audience(department.pk))
    # Neither text nor team: the client may not know who asks.
    data = {"question": question.pk, "department": department.code, "state": question.state}
    publish(department.edition, audiences, kind, data, at=at)


def question_published(question: Question, audiences: Iterable[str], *, at: datetime) -> None:
    """Without data: the audiences include people who may not read the answer, namely anonymous
    users, and everybody until the brief is published.
    """
    department = question.department
    audiences = [*sorted(audiences), ORGANIZERS, client_audience(department.pk)]
    publish(department.edition, audiences, "question.published", {}, at=at)
