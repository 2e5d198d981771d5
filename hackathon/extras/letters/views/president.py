from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.base.core import clock
from hackathon.base.core.views import Request, accepted, form_page, posted
from hackathon.extras.letters import services
from hackathon.extras.letters.forms import AskForm, RemarkForm
from hackathon.extras.letters.preparation import get_remark_for, letters_of
from judging.jury.selectors import get_president_for
from judging.models import Juror


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: Request, code: str) -> HttpResponse:
    """Posts `team`, or nothing for all teams."""
    juror = get_president_for(request.user, code, request.edition)
    now = clock.now()
    form = AskForm(posted(request))
    asked = accepted(
        form,
        lambda: services.ask(
            department=juror.department,
            team_pk=form.cleaned_data["team"],
            list_url=request.build_absolute_uri(reverse("judging:index")),
            by=request.user,
            at=now,
        ),
    )
    if asked:
        messages.info(request, _asked_text(asked.result))
        return redirect(request.path)
    found = letters_of(juror.department, at=now)
    template = "letters/letters.html"
    return form_page(request, template, form, juror=juror, found=found)


def _asked_text(jurors: list[Juror]) -> str:
    if not jurors:
        return _(
            "Personne à prévenir : le dernier message a moins de dix minutes, ou aucun juré n’a lu"
            " cette équipe."
        )
    names = ", ".join(juror.user.display_name for juror in jurors)
    return _("Demande envoyée : {names}.").format(names=names)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, code: str, pk: int) -> HttpResponse:
    juror, remark = get_remark_for(request.user, code, pk, request.edition)
    form = RemarkForm(posted(request), instance=remark)
    if accepted(
        form,
        lambda: services.edit(
            department=juror.department,
            remark=remark,
            **form.cleaned_data,
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Enregistré : la lettre dira ceci."))
        return redirect("letters:index", juror.department.code)
    return form_page(request, "letters/remark.html", form, juror=juror, remark=remark)
