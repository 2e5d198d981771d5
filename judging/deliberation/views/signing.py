"""A juror's page of the decision while it is open to the jury: read, and signed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hackathon.core import clock
from hackathon.core.views import Request, accepted, form_page, posted
from judging.deliberation.forms import SignForm
from judging.deliberation.selectors import decision
from judging.deliberation.services import decision as deliberation
from judging.jury import selectors as jury_selectors


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Request, code: str) -> HttpResponse:
    """Nothing of the decision is read before the president has opened it to the jury."""
    juror = jury_selectors.get_juror_for(request.user, code, request.edition)
    form = SignForm(posted(request))
    if accepted(
        form,
        lambda: deliberation.sign(
            juror=juror,
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=clock.now(),
        ),
    ):
        messages.success(request, _("Vous avez signé la décision."))
        return redirect("judging:sign", juror.department.code)
    decided = decision.decision_to_sign(juror.department)
    signers = decision.signers_of(juror.department)
    mine = next((s.signed_at for s in signers if s.juror == juror), None)
    context = {
        "juror": juror,
        "decided": decided,
        "locked": jury_selectors.is_locked(juror.department),
        "signed_at": mine,
    }
    return form_page(request, "judging/sign.html", form, **context)
