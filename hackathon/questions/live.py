from collections.abc import Iterable
from datetime import datetime

from hackathon.core import live
from hackathon.editions.live import publish
from hackathon.questions.enums import Addressee
from hackathon.questions.models import Question


def tell_question(question: Question, kind: str, *, at: datetime) -> None:
    """How far a question is: to the team that asked, and to who may answer it."""
    department = question.department
    audiences = [question.audience, live.ORGANIZERS]
    if question.to == Addressee.CLIENT:
        audiences.append(live.client_audience(department.pk))
    # Neither text nor team: the client does not know who asks.
    data = {"question": question.pk, "department": department.code, "state": question.state}
    publish(department.edition, audiences, kind, data, at=at)


def tell_published(question: Question, audiences: Iterable[str], *, at: datetime) -> None:
    """`question.published`: a hint, without even a number. Everyone includes those who may not read
    it: people without an account, and all while the brief that it speaks of is not out.
    """
    department = question.department
    audiences = [*sorted(audiences), live.ORGANIZERS, live.client_audience(department.pk)]
    publish(department.edition, audiences, "question.published", {}, at=at)
