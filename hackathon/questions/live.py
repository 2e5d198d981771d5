"""What pages are told about an edition. Nothing here is secret: everyone may hear it.

Pages show the current edition, so changes of another one are not told: a draft of next year must
not move tonight's clocks.
"""

from collections.abc import Iterable
from datetime import datetime

from hackathon.core import live
from hackathon.questions.enums import Addressee
from hackathon.questions.models import Question
from judging.live import client_audience


def tell_question(question: Question, kind: str, *, at: datetime) -> None:
    """How far a question is: to the team that asked, and to who may answer it."""
    department = question.department
    if not department.edition.is_current:
        return
    audiences = [question.audience, live.ORGANIZERS]
    if question.to == Addressee.CLIENT:
        audiences.append(client_audience(department.pk))
    # Neither text nor team: the client does not know who asks.
    data = {"question": question.pk, "department": department.code, "state": question.state}
    live.publish(audiences, kind, data, at=at)


def tell_published(question: Question, audiences: Iterable[str], *, at: datetime) -> None:
    """`question.published`: a hint, without even a number. Everyone includes those who may not read
    it: people without an account, and all while the brief that it speaks of is not out.
    """
    department = question.department
    if department.edition.is_current:
        answering = [live.ORGANIZERS, client_audience(department.pk)]
        live.publish([*sorted(audiences), *answering], "question.published", {}, at=at)
