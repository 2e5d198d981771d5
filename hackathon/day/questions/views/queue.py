from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon.base.core import clock
from hackathon.base.core.errors import NotFound
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.views import (
    Request,
    accepted,
    current_edition,
    edition_of,
    form_page,
    perform,
    posted,
)
from hackathon.day.questions import selectors
from hackathon.day.questions.enums import QuestionState
from hackathon.day.questions.errors import QuestionRefusal
from hackathon.day.questions.forms import AnswerForm, DuplicateForm, PublicationForm
from hackathon.day.questions.models import Question
from hackathon.day.questions.rules import Answerer
from hackathon.day.questions.services import questions
from hackathon.event.roles import roles_of_request

# The team and the person are known to organizers only: the line has no team for others.
QUESTIONS: Columns = [
    (gettext_lazy("Département"), lambda line: line.question.department.code),
    (gettext_lazy("Équipe"), lambda line: line.team and line.team.name),
    (gettext_lazy("Posée"), lambda line: line.question.asked_at),
    (gettext_lazy("À qui"), lambda line: line.question.get_to_display()),
    (gettext_lazy("À propos de"), lambda line: line.question.get_topic_display()),
    (gettext_lazy("Question"), lambda line: line.question.body),
    (gettext_lazy("État"), lambda line: line.question.get_state_display()),
    (gettext_lazy("Réponse"), lambda line: line.question.answer),
    (gettext_lazy("Réglée"), lambda line: line.question.settled_at),
]


@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    edition, roles = current_edition(request), roles_of_request(request)
    who = selectors.answerer_of(roles)
    if not who.answers_any:
        raise NotFound
    request.user.granted_as = roles.colleague if who.organizer else None
    if file := exported(
        request, "questions", QUESTIONS, lambda: selectors.queue(roles, edition, settled=None)
    ):
        return file
    lines = selectors.queue(roles, edition)
    waiting = [line for line in lines if not line.question.is_settled]
    states = [line.question.state for line in waiting]
    context = {
        "waiting": waiting,
        "settled": [line for line in lines if line.question.is_settled],
        "open_count": states.count(QuestionState.OPEN),
        "taken_count": states.count(QuestionState.TAKEN),
        "who": who,
    }
    return render(request, "questions/queue.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Request, pk: int) -> HttpResponse:
    question, who = _question(request, pk)
    at = clock.now()
    form = AnswerForm(posted(request), question=question, who=who)

    def save() -> None:
        if question.state == QuestionState.ANSWERED:
            text = form.cleaned_data["text"]
            questions.revise(question=question, who=who, text=text, by=request.user, at=at)
        else:
            questions.answer(
                question=question, who=who, by=request.user, at=at, **form.cleaned_data
            )

    if accepted(form, save):
        messages.success(request, _("Réponse envoyée."))
        return redirect("questions:queue")
    return form_page(
        request,
        "questions/detail.html",
        form,
        line=selectors.queue_line(roles_of_request(request), question),
        who=who,
        canned=selectors.canned_answers(question.department.edition),
        duplicates=DuplicateForm(choices=selectors.duplicate_choices(question, at=at)),
        mine=question.taken_by_id == request.user.pk,
    )


@login_required
@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    """With `take-over`, take it over from another person."""
    question, who = _question(request, pk)
    over = "take-over" in request.POST
    return perform(
        request,
        lambda: questions.take(
            question=question, who=who, over=over, by=request.user, at=clock.now()
        ),
        done="",
        to=reverse("questions:detail", args=[pk]),
    )


@login_required
@require_POST
def release(request: Request, pk: int) -> HttpResponse:
    question, who = _question(request, pk)
    return perform(
        request,
        lambda: questions.release(question=question, who=who, by=request.user, at=clock.now()),
        done=_("La question est de nouveau à prendre."),
        to="questions:queue",
    )


@login_required
@require_POST
def close(request: Request, pk: int) -> HttpResponse:
    question, who = _question(request, pk)
    at = clock.now()
    form = DuplicateForm(request.POST, choices=selectors.duplicate_choices(question, at=at))
    if not form.is_valid():
        messages.error(request, str(QuestionRefusal.DUPLICATE_UNKNOWN.label))
        return redirect("questions:detail", pk=pk)
    chosen = form.cleaned_data["duplicate_of"]
    edition = question.department.edition
    duplicate = selectors.find_publication(edition, int(chosen)) if chosen else None
    return perform(
        request,
        lambda: questions.close(
            question=question, who=who, duplicate_of=duplicate, by=request.user, at=at
        ),
        done=_("Question close."),
        to="questions:queue",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, pk: int) -> HttpResponse:
    question, who = _question(request, pk)
    form = PublicationForm(posted(request), question=question, who=who)
    if accepted(
        form,
        lambda: questions.publish(
            question=question, who=who, by=request.user, at=clock.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("Réponse publiée."))
        return redirect("questions:queue")
    line = selectors.queue_line(roles_of_request(request), question)
    return form_page(request, "questions/publish.html", form, line=line)


@login_required
@require_POST
def unpublish(request: Request, pk: int) -> HttpResponse:
    question, who = _question(request, pk)
    return perform(
        request,
        lambda: questions.unpublish(question=question, who=who, by=request.user, at=clock.now()),
        done=_("La réponse n’est plus publiée ; l’équipe garde la sienne."),
        to="questions:queue",
    )


def _question(request: Request, pk: int) -> tuple[Question, Answerer]:
    """Raises `NotFound` unless the user may answer the question."""
    who = selectors.answerer_of(roles_of_request(request))
    return selectors.get_question_for(who, edition_of(request), pk), who
