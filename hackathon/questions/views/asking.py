"""Questions for those who ask: the team's own, and what was published."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hackathon import roles as navigation
from hackathon.accounts.selectors import person
from hackathon.announcements import read_marks as unread
from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.core.views import edition_of
from hackathon.questions import selectors as questions
from hackathon.questions.forms import QuestionForm
from hackathon.questions.services import questions as services


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the team asked and was answered, and what everybody may read."""
    edition, at = edition_of(request), clock.now()
    if edition is None:
        raise Http404
    roles = navigation.roles_on(request)
    asker = questions.asker_of(roles)
    own = questions.questions_of_team(asker.team_pk) if asker is not None else []
    published = questions.published_for(roles, edition, at=at)
    stamps = questions.stamps_to_read(own, [line.stamp for line in published])
    context: dict[str, Any] = {
        "asker": asker,
        "own": own,
        "published": published,
        "unread": unread.unread_on(request, stamps),
        "refusal": questions.asking_refusal(asker, at=at) if asker is not None else None,
    }
    return render(request, "questions/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for one's team, as a page or in a dialog."""
    roles = navigation.roles_on(request)
    asker = questions.asker_of(roles)
    if asker is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = QuestionForm(posted)
    at = clock.now()
    if posted is not None and form.is_valid():
        try:
            services.ask(asker=asker, by=person(request), at=at, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            messages.success(
                request, _("Question posée. La réponse arrivera ici, et sur vos écrans.")
            )
            return redirect("questions:list")
    context = {"form": form, "refusal": questions.asking_refusal(asker, at=at)}
    status = 422 if form.is_bound else 200
    return render(request, "questions/ask.html", context, status=status)
