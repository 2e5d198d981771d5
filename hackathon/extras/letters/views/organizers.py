from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.event.editions.models import Edition
from hackathon.event.editions.views.setup import for_organizers
from hackathon.extras.letters import services
from hackathon.extras.letters.forms import SentencesForm
from hackathon.extras.letters.selectors import get_sentences, sentences_by_department


@require_safe
@for_organizers
def index(request: Request, edition: Edition) -> HttpResponse:
    context = {"managed": edition, "departments": sentences_by_department(edition)}
    return render(request, "letters/setup.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizers
def sentences(request: Request, edition: Edition, pk: int) -> HttpResponse:
    asked = get_sentences(edition, pk)
    form = SentencesForm(posted(request), instance=asked)
    if accepted(
        form,
        lambda: services.prepare(
            criterion=asked.criterion, by=request.user, at=clock.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("C’est enregistré."))
        return redirect("letters:setup", edition.slug)
    context = {"managed": edition, "criterion": asked.criterion}
    return form_page(request, "letters/sentences.html", form, **context)
