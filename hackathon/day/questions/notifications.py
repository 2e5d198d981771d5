from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.push.registry import Notification, source
from hackathon.day.questions.enums import QuestionState
from hackathon.day.questions.models import Question

NEWS = timedelta(hours=4)


@source("question")
def answered(pk: int, revision: int) -> Notification | None:
    """To the team that asked. Without a word of the question: a locked screen shows it. None if a
    newer answer follows, or another edition is shown.
    """
    answers = Question.objects.filter(state=QuestionState.ANSWERED, revision=revision)
    question = answers.filter(pk=pk, department__edition__is_current=True).first()
    if question is None or question.settled_at is None:
        return None
    return Notification(
        key=f"question:{question.pk}:{revision}",
        title=_("Une réponse à votre question"),
        body=_("Elle est sur la page des questions."),
        path=reverse("questions:list"),
        at=question.settled_at,
        until=question.settled_at + NEWS,
        users=User.objects.filter(memberships__team=question.team_pk, is_active=True),
    )
