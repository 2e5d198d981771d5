"""The queue of questions, for organizers and for the client: read on a phone in a corridor."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hackathon import roles as navigation
from hackathon.accounts.selectors import person
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.views import edition_of
from hackathon.questions import selectors as questions
from hackathon.questions.enums import QuestionState
from hackathon.questions.errors import QuestionRefusal
from hackathon.questions.forms import AnswerForm, DuplicateForm, PublicationForm
from hackathon.questions.models import Question
from hackathon.questions.rules import Answerer
from hackathon.questions.services import questions as services


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits, what somebody is answering, what was answered last."""
    edition = edition_of(request)
    roles = navigation.roles_on(request)
    if edition is None or not questions.may_answer(roles):
        raise Http404
    lines = questions.queue_lines(roles, edition)
    waiting = [line for line in lines if not line.question.is_settled]
    context = {
        "waiting": waiting,
        "settled": [line for line in lines if line.question.is_settled],
        "counts": questions.counts_of(waiting),
        "who": questions.answerer_of(roles),
    }
    return render(request, "questions/queue.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: to take, to answer, to publish, to close."""
    found, who = _question(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted, question=found, who=who)
    if posted is not None and form.is_valid():
        act = _revise if found.state == QuestionState.ANSWERED else _answer
        try:
            act(found, who, form, request)
        except Refused as refused:
            form.refused(refused.refusal)
        else:
            messages.success(request, _("Réponse envoyée."))
            return redirect("questions:queue")
    return _page(request, found, who, form=form)


@login_required
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it, or (`de-force`) take it over."""
    found, who = _question(request, pk)
    over = "de-force" in request.POST
    return _act(
        request,
        lambda: services.take(
            question=found, who=who, over=over, by=person(request), at=clock.now()
        ),
        to=found,
    )


@login_required
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it back into the queue."""
    found, who = _question(request, pk)
    return _act(
        request,
        lambda: services.release(question=found, who=who, by=person(request), at=clock.now()),
        done=_("La question est de nouveau à prendre."),
    )


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it without an answer of its own, or as asked before."""
    found, who = _question(request, pk)
    at = clock.now()
    form = DuplicateForm(request.POST, choices=questions.duplicate_choices(found, at=at))
    if not form.is_valid():
        messages.error(request, str(QuestionRefusal.DUPLICATE_UNKNOWN.label))
        return redirect("questions:detail", pk=pk)
    chosen = form.cleaned_data["duplicate_of"]
    edition = found.department.edition
    duplicate = questions.get_publication_of(edition, int(chosen)) if chosen else None
    return _act(
        request,
        lambda: services.close(
            question=found, who=who, duplicate_of=duplicate, by=person(request), at=at
        ),
        done=_("Question close."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish an answer that was given, or publish it in other words."""
    found, who = _question(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = PublicationForm(posted, question=found, who=who)
    if posted is not None and form.is_valid():
        try:
            services.publish(
                question=found, who=who, by=person(request), at=clock.now(), **form.said()
            )
        except Refused as refused:
            form.refused(refused.refusal)
        else:
            messages.success(request, _("Réponse publiée."))
            return redirect("questions:queue")
    context = {"line": questions.queue_line(navigation.roles_on(request), found), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "questions/publish.html", context, status=status)


@login_required
@require_POST
def unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a published answer back."""
    found, who = _question(request, pk)
    return _act(
        request,
        lambda: services.unpublish(question=found, who=who, by=person(request), at=clock.now()),
        done=_("La réponse n’est plus publiée ; l’équipe garde la sienne."),
    )


def _question(request: HttpRequest, pk: int) -> tuple[Question, Answerer]:
    who = questions.answerer_of(navigation.roles_on(request))
    return questions.get_question_for(who, edition_of(request), pk), who


def _answer(found: Question, who: Answerer, form: AnswerForm, request: HttpRequest) -> None:
    services.answer(question=found, who=who, by=person(request), at=clock.now(), **form.said())


def _revise(found: Question, who: Answerer, form: AnswerForm, request: HttpRequest) -> None:
    text = form.cleaned_data["text"]
    services.revise(question=found, who=who, text=text, by=person(request), at=clock.now())


def _page(
    request: HttpRequest, found: Question, who: Answerer, *, form: AnswerForm
) -> HttpResponse:
    edition, at = found.department.edition, clock.now()
    context: dict[str, Any] = {
        "line": questions.queue_line(navigation.roles_on(request), found),
        "who": who,
        "form": form,
        "canned": questions.canned_answers(edition),
        "duplicates": DuplicateForm(choices=questions.duplicate_choices(found, at=at)),
        "mine": found.taken_by_id == person(request).pk,
    }
    status = 422 if form.is_bound else 200
    return render(request, "questions/detail.html", context, status=status)


def _act(
    request: HttpRequest,
    serve: Callable[[], object],
    *,
    done: str = "",
    to: Question | None = None,
) -> HttpResponse:
    """Call the service of a button, and say how it went: on the queue, or on the page of `to`."""
    try:
        serve()
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect("questions:queue") if to is None else redirect("questions:detail", pk=to.pk)
