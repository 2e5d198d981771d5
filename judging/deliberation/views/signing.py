from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.base.core import clock, journal
from hackathon.base.core.views import Request, accepted, form_page, posted
from judging.deliberation.forms import SignForm
from judging.deliberation.selectors.decision import decision_to_sign, signers_of
from judging.deliberation.services import decision as services
from judging.jury.rules import may_read_decision
from judging.jury.selectors import get_juror_for, is_decided


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Request, code: str) -> HttpResponse:
    juror = get_juror_for(request.user, code, request.edition)
    form = SignForm(posted(request))
    if accepted(
        form,
        lambda: services.sign(
            juror=juror,
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Vous avez signé la décision."))
        return redirect("judging:sign", juror.department.code)
    decided = decision_to_sign(juror.department)
    if decided is not None:
        act = "decision.viewed"
        journal.record_view(act, juror.department, by=request.user, at=clock.now())
    signers = signers_of(juror.department)
    mine = next((s.signed_at for s in signers if s.juror == juror), None)
    locked = is_decided(juror.department)
    context = {
        "juror": juror,
        "decided": decided,
        "locked": locked,
        "readable": may_read_decision(juror, locked=locked, at=clock.now()),
        "signed_at": mine,
    }
    return form_page(request, "judging/deliberation/sign.html", form, **context)
