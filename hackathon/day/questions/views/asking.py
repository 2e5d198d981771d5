from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hackathon.base.core import clock
from hackathon.base.core.errors import NotFound
from hackathon.base.core.views import Request, accepted, current_edition, form_page, posted
from hackathon.day.announcements.read_marks import unread_stamps
from hackathon.day.questions import rules, selectors
from hackathon.day.questions.forms import QuestionForm
from hackathon.day.questions.services import questions
from hackathon.event.roles import roles_of_request


@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    edition, at = current_edition(request), clock.now()
    roles = roles_of_request(request)
    asker = selectors.asker_of(roles)
    own = selectors.questions_of_team(asker.team_pk) if asker else []
    published = selectors.published_answers(roles, edition, at=at)
    stamps = selectors.stamps_to_read(own, [answer.stamp for answer in published])
    context = {
        "asker": asker,
        "own": own,
        "published": published,
        "unread": unread_stamps(request, stamps),
    }
    return render(request, "questions/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request) -> HttpResponse:
    edition, at = current_edition(request), clock.now()
    asker = selectors.asker_of(roles_of_request(request))
    if asker is None:
        raise NotFound
    form = QuestionForm(posted(request))
    if accepted(
        form,
        lambda: questions.ask(asker=asker, by=request.user, at=at, **form.cleaned_data),
    ):
        text = _("Question posée. La réponse arrivera ici, et sur vos écrans.")
        messages.success(request, text, extra_tags=QuestionForm.DRAFT)
        return redirect("questions:list")
    refusal = rules.period_refusal(edition, asker.closes_at, at=at)
    return form_page(request, "questions/ask.html", form, refusal=refusal)
