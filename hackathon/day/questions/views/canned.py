from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.exports import Columns, exported
from hackathon.base.core.views import Request, perform, posted
from hackathon.day.questions import forms, selectors
from hackathon.day.questions.services import canned
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import answer, for_organizers

ANSWERS: Columns = [(gettext_lazy("Réponse"), lambda ready: ready.text)]


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition, pk: int | None = None) -> HttpResponse:
    """The list, with a form for a new ready answer or for the one with this `pk`."""
    answers = selectors.canned_answers(edition)
    if file := exported(request, f"reponses-{edition.slug}", ANSWERS, lambda: answers):
        return file
    edited = selectors.get_canned_answer(edition, pk) if pk else None
    form = forms.CannedAnswerForm(posted(request), instance=edited)
    return answer(
        request,
        form,
        lambda: canned.save(
            edition=edition, canned=edited, by=request.user, at=clock.now(), **form.cleaned_data
        ),
        page="questions/canned.html",
        context={
            "managed": edition,
            "ready_answer": edited,
            "answers": answers,
        },
        done=_("La réponse est prête."),
        to=lambda _saved: reverse("questions:canned", args=[edition.slug]),
    )


@require_POST
@for_organizers
def delete(request: Request, edition: Edition, pk: int) -> HttpResponse:
    deleted = selectors.get_canned_answer(edition, pk)
    return perform(
        request,
        lambda: canned.delete(canned=deleted, by=request.user, at=clock.now()),
        done=_("La réponse est retirée."),
        to=reverse("questions:canned", args=[edition.slug]),
    )
