from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hackathon.base.core import clock
from hackathon.base.core.exports import exported
from hackathon.base.core.views import Request, edition_of, perform, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.views.setup import answer, for_organizers
from hackathon.extras.voices import rules, selectors, services
from hackathon.extras.voices.forms import AnswerForm, SentenceForm, SurveyForm
from hackathon.extras.voices.models import Sentence
from teams.selectors.teams import get_membership_of


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own(request: Request) -> HttpResponse:
    membership, now = get_membership_of(request.user, edition_of(request)), clock.now()
    survey = selectors.survey_of(membership.edition)
    form, voter = AnswerForm(posted(request), survey=survey), rules.digest(survey, request.user.pk)
    context = {
        "is_open": results_are_public(membership.edition, at=now),
        "has_answered": voter in selectors.ballot_of(survey).voters,
    }

    def give() -> None:
        given = {name: [value] for name, value in form.cleaned_data.items() if value}
        services.answer(membership, given=given, at=now)

    return answer(
        request,
        form,
        give,
        page="voices/own.html",
        context=context,
        done=_("Merci. Votre réponse est comptée, sans votre nom."),
        to=lambda _saved: reverse("voices:own"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request: Request) -> HttpResponse:
    membership = get_membership_of(request.user, edition_of(request))
    sentence = Sentence.objects.filter(membership=membership).first() or Sentence()
    form = SentenceForm(posted(request), instance=sentence)
    return answer(
        request,
        form,
        lambda: services.sign(membership, text=form.cleaned_data["text"], at=clock.now()),
        page="voices/sign.html",
        context={"sentence": sentence},
        done=_("C’est enregistré."),
        to=lambda _saved: reverse("voices:sign"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    survey = selectors.survey_of(edition)
    results, sentences = selectors.results_of(survey), selectors.sentences_of(edition)
    columns = [(_("Question"), lambda line: line[0]), (_("Réponse"), lambda line: line[1])]
    if file := exported(request, f"avis-{edition.slug}", columns, lambda: results["lines"]):
        return file
    form = SurveyForm(posted(request), instance=survey)
    return answer(
        request,
        form,
        lambda: services.set_up(edition, by=request.user, at=clock.now(), **form.cleaned_data),
        page="voices/index.html",
        context={"managed": edition, "results": results, "sentences": sentences, "rules": rules},
        done=_("Les questions sont enregistrées."),
        to=lambda _saved: reverse("voices:index", args=[edition.slug]),
    )


@require_POST
@for_organizers
def decide(request: Request, edition: Edition, pk: int) -> HttpResponse:
    text, accept = request.POST.get("text", ""), "accept" in request.POST
    by, at = request.user, clock.now()
    return perform(
        request,
        lambda: services.decide(edition, pk, text=text, accept=accept, by=by, at=at),
        done="",
        to=reverse("voices:index", args=[edition.slug]) + "#sentences",
    )
